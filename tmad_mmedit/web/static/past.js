// What was done, in order: strokes, and rounds that took the strokes before
// them. A round that is still painted is pending; strokes drawn meanwhile
// come after it.
//
// {kind: 'stroke', stroke} or {kind: 'round', name, pending}

export class Past {
  constructor() {
    this.done = [];
    this.undone = [];
  }

  // As a page knows it that was not there.
  static of(rounds, redo) {
    const past = new Past();
    const round = () => ({ kind: 'round', pending: false });
    past.done = Array.from({ length: rounds }, round);
    past.undone = Array.from({ length: redo }, round);
    return past;
  }

  add(stroke) {
    this.done.push({ kind: 'stroke', stroke });
    this.undone = [];
  }

  begin(name) {
    this.done.push({ kind: 'round', name, pending: true });
    this.undone = [];
  }

  get pending() {
    return this.done.find((step) => step.pending) || null;
  }

  finish() {
    this.pending.pending = false;
  }

  // The round did not come about: its strokes are there again.
  fail() {
    this.done = this.done.filter((step) => !step.pending);
  }

  // Those that are not yet painted, and those that are being painted.
  get strokes() {
    return this.since(this.done.length);
  }

  get waiting() {
    const { pending } = this;
    return pending ? this.since(this.done.indexOf(pending)) : [];
  }

  // What is drawn on a layer. A round takes the hole and its hint; where not to copy from is said
  // of the picture, and stays.
  of(layer) {
    return this.since(this.done.length, layer);
  }

  // All that is drawn, to be drawn on another past.
  get kept() {
    return ['not_from', 'only_from', 'hole', 'hint'].flatMap((layer) => this.of(layer));
  }

  // Whether anything was drawn since the last round.
  get fresh() {
    const last = this.next;
    return last?.kind === 'stroke' && last.stroke.kind !== 'clear';
  }

  since(end, layer = 'hole') {
    const steps = this.done.slice(0, end);
    const stays = layer === 'not_from' || layer === 'only_from';
    const last = steps.findLastIndex(
      ({ kind, stroke }) => (kind === 'round' ? !stays : stroke.kind === 'clear'));
    return steps.slice(last + 1).filter(
      ({ stroke }) => stroke && (stroke.layer || 'hole') === layer).map((step) => step.stroke);
  }

  // The last round that is painted, if its strokes are known.
  get round() {
    const at = this.done.findLastIndex((step) => step.kind === 'round');
    return at >= 0 && this.since(at).length ? this.done[at] : null;
  }

  // The last round is no more: its strokes are there again.
  release() {
    const { round } = this;
    this.done = this.done.filter((step) => step !== round);
    this.undone = [];
  }

  get next() {
    return this.done.at(-1) || null; // to be undone
  }

  get again() {
    return this.undone.at(-1) || null; // to be redone
  }

  undo() {
    this.undone.push(this.done.pop());
  }

  redo() {
    this.done.push(this.undone.pop());
  }
}
