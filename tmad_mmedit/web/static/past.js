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

  since(end) {
    const steps = this.done.slice(0, end);
    const last = steps.findLastIndex(
      ({ kind, stroke }) => kind === 'round' || stroke.kind === 'clear');
    return steps.slice(last + 1).map((step) => step.stroke);
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
