// What a person does with the picture: open, draw, paint, go back.
import * as api from './api.js';
import { maskOf } from './bits.js';
import { said } from './layers.js';
import { Past } from './past.js';
import { Served } from './served.js';

export class Work extends Served {
  // A picture in place of another, with strokes if it has some already.
  async open(ask, file, strokes) {
    await this.doing('Opening', async () => {
      const old = this.picture;
      const picture = await ask();
      const stroke = strokes && await strokes();
      if (old) api.close(old.token).catch(() => {});
      this.clear();
      this.saved = 0;
      [this.picture, this.file] = [picture, file];
      if (stroke) this.past.add(stroke);
      this.opened(picture);
      this.drawn();
    });
    return this.picture;
  }

  // The file that is lost at the server, under the strokes that are here.
  async reopen() {
    const { past, file } = this;
    await this.open(() => api.open(file, file.name), file);
    if (this.over || !this.picture) return;
    past.kept.forEach((stroke) => this.past.add(stroke));
    this.drawn();
  }

  // Take up a picture that another page of this browser tab had.
  async resume(token) {
    const picture = await api.state(token).catch((error) => {
      if (error.status === 404) this.tell('The picture that was open is no longer at the server: open it again.');
    });
    if (!picture || this.picture || this.busy) return;
    this.picture = picture;
    this.past = Past.of(picture.rounds, picture.redo);
    if (picture.job && !['done', 'failed', 'cancelled'].includes(picture.job.state)) {
      this.past.begin(picture.job.name);
    }
    this.opened(picture);
    this.changed();
  }

  opened() {} // is replaced by whoever wants to know

  add(stroke) {
    this.past.add(stroke);
    this.preview = null;
    this.drawn();
  }

  // The strokes are others: ask what becomes of them.
  drawn() {
    this.grown = this.past.strokes.length ? this.grown : null;
    this.changed();
    this.asked?.abort();
    const asked = this.asked = new AbortController();
    const { close, dilate } = this.settings;
    const { picture, past: { strokes } } = this;
    if (!picture || !strokes.length) return;
    this.asking = setTimeout(async () => {
      if (asked.signal.aborted) return;
      try {
        const mask = await maskOf(strokes, picture);
        if (asked.signal.aborted) return;
        const grown = mask && await api.grow(picture.token, mask, { close, dilate }, asked.signal);
        if (!asked.signal.aborted) this.grown = grown;
        this.changed();
      } catch (error) {
        this.failed(error);
      }
    }, 60);
  }

  async remove() {
    const { picture, past } = this;
    if (!picture || past.pending || this.busy || this.over) return;
    if (this.preview) this.accept();
    await this.doing('Sending', async () => {
      const mask = await maskOf(past.strokes, picture);
      if (!mask) {
        this.tell('Nothing is brushed: brush over what is to be removed, its edge and its shadow.');
        return;
      }
      const layers = await said(past, picture);
      const name = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
      past.begin(name);
      this.asked?.abort();
      [this.painting, this.grown] = [this.grown, null];
      this.changed();
      try {
        this.heard(await api.remove(picture.token, mask, {
          job: name, seen: picture.version, ...this.settings }, layers));
      } catch (error) {
        // it may have come there: then, the next look says so
        if (!(error instanceof api.Away)) past.fail();
        if (error.status === 409) this.heard(await api.state(picture.token));
        throw error;
      }
    });
    this.look();
  }

  async cancel() {
    const { picture } = this;
    if (!picture || !this.past.pending) return;
    try {
      this.heard(await api.cancel(picture.token));
    } catch (error) {
      this.failed(error);
    }
  }

  // Strokes one by one, and rounds, which give their strokes back.
  async undo() {
    const { past, picture } = this;
    const step = past.next;
    if (this.preview) {
      this.preview = null;
      this.changed();
    } else if (step?.pending) {
      await this.cancel();
    } else if (step?.kind === 'stroke') {
      past.undo();
      this.drawn();
    } else if (step) {
      await this.step(api.undo, picture, () => past.undo());
    }
  }

  async redo() {
    const { past, picture } = this;
    if (past.pending || !past.again) return;
    if (past.again.kind === 'stroke') {
      past.redo();
      this.drawn();
    } else {
      await this.step(api.redo, picture, () => past.redo());
    }
  }

  async step(ask, picture, move) {
    await this.doing('Stepping', async () => {
      try {
        const state = await ask(picture.token, picture.version);
        move();
        this.picture = state;
        this.drawn();
      } catch (error) {
        if (error.status === 409) this.heard(await api.state(picture.token));
        throw error;
      }
    });
  }

  // What the strokes are over, by its colours; shown before it counts.
  async snap() {
    const { picture, past } = this;
    if (!picture) return;
    await this.doing('Looking for the edge', async () => {
      const mask = await maskOf(past.strokes, picture);
      if (!mask) {
        this.tell('Nothing is brushed: brush over the thing first, and its edge is found.');
        return;
      }
      const found = await api.snap(picture.token, mask, picture.version);
      this.preview = { ...found, replace: true };
    });
  }

  accept() {
    if (this.preview) this.add(this.preview);
  }

  // A file in place of what is drawn on a layer.
  async load(layer, file) {
    const { picture } = this;
    if (!picture) return;
    await this.doing('Reading the file', async () => {
      const read = await (layer === 'hole' ? api.loadMask(picture.token, file)
        : api.loadLayer(picture.token, layer, file));
      this.add({ ...read, layer, replace: true });
    });
  }

  // The last round once more, now that more is said.
  async again(strokes) {
    const { past, picture } = this;
    if (!past.round || past.pending) {
      strokes.forEach((stroke) => this.add(stroke));
      this.tell('It is not copied from now on: undo the round, and brush again.');
      return;
    }
    await this.doing('Stepping', async () => {
      this.picture = await api.undo(picture.token, picture.version);
      past.release();
      strokes.forEach((stroke) => past.add(stroke));
      this.drawn();
    });
    if (this.picture?.version !== picture.version) await this.remove();
  }
}
