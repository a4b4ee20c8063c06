// Mouse, pen and touch: what a pointer on the stage does. One finger draws,
// two zoom and pan; so do the wheel, the middle button, and Space.

import { tell } from './says.js';

const CLOSE = 1; // screen pixels between points of a stroke

export class Hand {
  // `tools` says what is chosen: {tool, width, layer, colour}; `drawn(stroke)` is told of each.
  constructor(stage, tools, drawn) {
    Object.assign(this, { stage, tools, drawn });
    this.view = stage.view;
    this.pointers = new Map();
    this.panning = false; // while Space is held
    this.last = null; // where the last stroke ended
    const { canvas } = stage;
    const on = (name, act) => canvas.addEventListener(name, (event) => act.call(this, event));
    on('pointerdown', this.down);
    on('pointermove', this.move);
    on('pointerup', this.up);
    on('pointercancel', this.lost);
    on('pointerleave', () => this.ring(null));
    on('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
  }

  // Screen pixels of the canvas.
  place(event) {
    const box = this.stage.canvas.getBoundingClientRect();
    const { ratio } = this.view.screen;
    return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
  }

  down(event) {
    if (!this.stage.work.picture || event.button > 1) return;
    event.preventDefault();
    document.activeElement.blur(); // keys are the picture's again
    this.stage.canvas.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch' && this.pen) return; // the hand that holds it
    this.pen = event.pointerType === 'pen';
    this.pointers.set(event.pointerId, this.place(event));
    if (this.pointers.size > 1) { // what the first finger began was no stroke
      this.stage.stroke = null;
      this.taking = false;
      this.ring(null);
    } else if (event.button === 0 && !this.panning && this.tools.tool !== 'hand') {
      this.begin(event);
    }
    this.cursor();
    this.stage.changed();
  }

  begin(event) {
    const point = this.view.at(...this.place(event));
    const { tool, layer, colour, width } = this.tools;
    const erase = tool === 'eraser' || event.altKey;
    if (layer === 'hint' && !erase) {
      this.taking = !this.stage.inHole(point);
      if (this.taking) this.take(point);
      else if (!colour) tell('Press outside the hole first, on the colour that you want in it.');
      if (this.taking || !colour) return;
    }
    const more = { erase, layer, ...(layer === 'hint' && { colour }) };
    this.stage.stroke = tool === 'lasso' ? { kind: 'area', points: [point], ...more }
      : { kind: 'line', points: [point], width, ...more };
    if (event.shiftKey && this.last && this.tools.tool !== 'lasso') {
      this.stage.stroke.points.unshift(this.last); // a straight line from there
    }
  }

  // A colour is taken up.
  take(point) {
    const colour = this.stage.colour(point);
    if (colour) this.tools.take(colour);
  }

  move(event) {
    const [x, y] = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (event.pointerType !== 'touch') this.ring([x, y]);
    if (!before) return;
    if (this.stage.stroke) {
      const all = event.getCoalescedEvents?.() || [];
      (all.length ? all : [event]).forEach((each) => this.extend(this.place(each)));
    } else if (this.taking) {
      this.take(this.view.at(x, y));
    } else if (this.pointers.size === 1) {
      this.view.pan(x - before[0], y - before[1]);
    } else if (this.pointers.size === 2) {
      this.pinch(event.pointerId, before, [x, y]);
    }
    this.pointers.set(event.pointerId, [x, y]);
    this.stage.changed();
  }

  extend(place) {
    const { points } = this.stage.stroke;
    const point = this.view.at(...place);
    const [x, y] = points[points.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) * this.view.scale >= CLOSE) points.push(point);
  }

  // What was below each finger stays below it.
  pinch(moved, from, to) {
    const [other] = [...this.pointers].filter(([id]) => id !== moved).map(([, place]) => place);
    const apart = ([x, y]) => Math.max(Math.hypot(x - other[0], y - other[1]), 1);
    const middle = ([x, y]) => [(x + other[0]) / 2, (y + other[1]) / 2];
    const [was, is] = [middle(from), middle(to)];
    this.view.pan(is[0] - was[0], is[1] - was[1]);
    this.view.zoom(apart(to) / apart(from), ...is);
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) {
      if (event.pointerType === 'pen') this.pen = false;
      return;
    }
    const { stroke } = this.stage;
    if (stroke) {
      this.stage.stroke = null;
      this.last = stroke.points[stroke.points.length - 1];
      if (stroke.kind === 'line' || stroke.points.length > 2) this.drawn(stroke);
    }
    this.rest(event);
  }

  lost(event) {
    this.pointers.delete(event.pointerId);
    this.stage.stroke = null;
    this.rest(event);
  }

  rest(event) {
    this.taking = false;
    // after a pinch, the finger that stays neither draws nor pans
    if (this.pointers.size) this.pointers.clear();
    if (event.pointerType === 'pen') this.pen = false;
    this.cursor();
    this.stage.changed();
  }

  // A stroke that is being drawn is given up.
  drop() {
    const drawing = Boolean(this.stage.stroke);
    this.stage.stroke = null;
    this.pointers.clear();
    this.stage.changed();
    return drawing;
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey) {
      this.view.pan(-(event.deltaX || event.deltaY) * lines, 0);
    } else {
      const by = event.ctrlKey ? .01 : .0015; // with Ctrl, it is a pinch
      this.view.zoom(Math.exp(-event.deltaY * lines * by), ...this.place(event));
    }
    this.ring(this.place(event));
  }

  ring(place) {
    const { tool, width } = this.tools;
    const brush = place && !this.panning && (tool === 'brush' || tool === 'eraser');
    this.stage.brush = brush && this.stage.work.picture
      ? { x: place[0], y: place[1], width } : null;
    this.stage.changed();
  }

  cursor() {
    const hand = this.panning || this.tools.tool === 'hand';
    const cursor = hand ? (this.pointers.size ? 'grabbing' : 'grab') : 'crosshair';
    this.stage.canvas.style.cursor = this.stage.work.picture ? cursor : 'default';
  }
}
