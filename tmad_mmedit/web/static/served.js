// The picture as the server has it, and what is drawn on it meanwhile: asking
// it, hearing what it says, and when it does not answer.
import * as api from './api.js';
import { Past } from './past.js';

const SOON = 200; // milliseconds between looks at a removal
const LATER = 3000; // and else, which also tells that the server is there

export class Served {
  // `tell(text)` says a sentence, `changed()` draws anew.
  constructor(tell, changed) {
    Object.assign(this, { tell, changed });
    this.settings = { close: 'auto', dilate: 'auto', model: '', feather: 0, seed: 0, overlap: false };
    this.turn = 0; // of what was done; what was asked before it is old
    this.saved = 0; // the version that was downloaded last
    this.clear();
    this.look();
  }

  clear() {
    this.picture = null;
    this.file = null; // as the browser has it, to be opened again
    this.past = new Past();
    this.grown = null; // what the strokes become
    this.preview = null; // what they would become, if one says so
    this.away = false;
    this.over = false; // the server has it no more
    this.busy = ''; // what is being done, as a word
  }

  get unsaved() {
    return Boolean(this.picture) && (this.past.strokes.length > 0 || this.past.fresh || Boolean(this.past.pending)
      || (this.picture.version !== 0 && this.picture.version !== this.saved));
  }

  // Run something that asks the server; whatever goes wrong is said.
  async doing(word, act) {
    if (this.busy) return;
    this.busy = word;
    this.turn += 1;
    this.changed();
    try {
      await act();
    } catch (error) {
      this.failed(error);
    } finally {
      this.busy = '';
      this.turn += 1;
      this.changed();
    }
  }

  failed(error) {
    if (error.name === 'AbortError') return;
    if (error instanceof api.Away) this.gone(error);
    else if (error.status === 404 && this.picture) this.ended();
    else this.tell(error.message);
    if (!(error instanceof api.Refused || error instanceof api.Away)) console.error(error);
  }

  gone(error) {
    if (!this.away && !this.picture) this.tell(error.message);
    this.away = Boolean(this.picture);
    this.changed();
  }

  // The server is there, and has the picture no more.
  ended() {
    if (this.over) return;
    this.past.fail();
    [this.over, this.away] = [true, false];
    this.changed();
  }

  // What the server says the picture is now.
  heard(state) {
    if (!this.picture || state.token !== this.picture.token) return;
    const { past, picture } = this;
    const { job } = state;
    const back = this.away;
    [this.picture, this.away] = [state, false];
    if (back) this.returned();
    const ours = past.pending;
    if (ours && (!job || job.name !== ours.name)) {
      past.fail();
      this.painting = null;
      this.drawn();
      this.tell('The removal did not reach the server: press Remove again.');
    } else if (ours && job.state === 'done') {
      past.finish();
      this.painting = null;
    } else if (ours && ['failed', 'cancelled'].includes(job.state)) {
      past.fail();
      this.painting = null;
      this.drawn();
      if (job.error) this.tell(job.error);
    } else if (state.version !== picture.version) {
      const { kept } = past;
      this.past = Past.of(state.rounds, state.redo);
      kept.forEach((stroke) => this.past.add(stroke));
      this.tell('The picture was changed in another window: this is what it is now.');
    }
    this.changed();
  }

  returned() {} // is replaced by whoever wants to know

  drawn() {} // the strokes are others: is told anew where they are made

  // Look at the server again and again.
  async look() {
    clearTimeout(this.timer);
    const { picture } = this;
    const { turn } = this;
    if (picture && !this.over && !this.busy) {
      try {
        const state = await api.state(picture.token);
        if (turn === this.turn) this.heard(state); // else it is old
      } catch (error) {
        if (turn === this.turn) this.failed(error);
      }
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.past.pending || this.away ? SOON : LATER);
  }
}
