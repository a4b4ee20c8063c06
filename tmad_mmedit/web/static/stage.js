// What is seen: the picture, what is drawn on it, and the brush.
import { draw } from './strokes.js';

const STROKES = ['#ff3b30', .5];
const GROWN = ['#ffb020', .42];
const WAITING = ['#2f7df6', .45];
const FOUND = ['#14c46a', .55];
const SQUARE = 8; // of the board below what is transparent, in CSS pixels

export class Stage {
  constructor(canvas, view, tiles, work) {
    Object.assign(this, { canvas, view, tiles, work });
    this.context = canvas.getContext('2d');
    this.layer = document.createElement('canvas');
    this.stroke = null; // that is being drawn
    this.brush = null; // {x, y, width}: where its ring is, in screen pixels
    this.original = false; // is shown in place of what it is now
    this.seen = null; // the version that was last there as a whole
    this.shown = null; // the version that is there as a whole now
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.canvas.getBoundingClientRect();
    for (const canvas of [this.canvas, this.layer]) {
      canvas.width = Math.max(Math.round(width * ratio), 1);
      canvas.height = Math.max(Math.round(height * ratio), 1);
    }
    this.view.resize({ width: this.canvas.width, height: this.canvas.height, ratio });
    this.frame();
  }

  // Draw soon; once for many changes.
  changed() {
    this.asked ||= requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.asked = 0;
    const { context, view, work: { picture } } = this;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!picture) return;
    this.drawPicture(picture);
    if (!this.original) this.drawMasks();
    if (this.brush) this.drawBrush();
    // from then on, a picture's pixels are meant to be seen as such
    context.imageSmoothingEnabled = view.scale < 2 * view.screen.ratio;
    context.imageSmoothingQuality = 'high';
  }

  drawPicture(picture) {
    const { context, view, tiles } = this;
    const version = this.original ? 0 : picture.version;
    // as tiles end, on whole screen pixels, or the board shows beside them
    const [left, top] = [view.x, view.y].map(Math.round);
    const right = Math.round(picture.width * view.scale + view.x);
    const bottom = Math.round(picture.height * view.scale + view.y);
    const edge = [left, top, right - left, bottom - top];
    context.save();
    context.beginPath();
    context.rect(...edge);
    context.clip();
    context.fillStyle = this.board(view.screen.ratio);
    context.fillRect(...edge);
    // what was there stays until all that is new has come
    const sharp = tiles.draw(context, view, picture, version);
    if (!sharp && this.seen !== null && this.seen !== version) {
      tiles.draw(context, view, picture, this.seen, false);
      tiles.draw(context, view, picture, version, false);
    }
    if (sharp) this.seen = version;
    this.shown = sharp ? version : null;
    context.restore();
  }

  board(ratio) {
    if (this.pattern?.ratio !== ratio) {
      const side = Math.round(SQUARE * ratio);
      const tile = new OffscreenCanvas(2 * side, 2 * side);
      const context = tile.getContext('2d');
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 2 * side, 2 * side);
      context.fillStyle = '#d7d7d7';
      context.fillRect(0, 0, side, side);
      context.fillRect(side, side, side, side);
      this.pattern = { ratio, fill: this.context.createPattern(tile, 'repeat') };
    }
    return this.pattern.fill;
  }

  drawMasks() {
    const { past, grown, painting, preview } = this.work;
    const strokes = this.stroke ? [...past.strokes, this.stroke] : past.strokes;
    if (painting && past.pending) this.tinted([painting], WAITING);
    this.tinted(past.waiting, WAITING);
    if (preview) {
      this.tinted([preview], FOUND);
      return;
    }
    if (grown) this.tinted([grown], GROWN);
    this.tinted(strokes, STROKES);
  }

  // Strokes in one colour, which never adds up.
  tinted(strokes, [colour, opacity]) {
    if (!strokes.length) return;
    const { view, layer, work: { picture } } = this;
    const context = layer.getContext('2d');
    context.resetTransform();
    context.globalCompositeOperation = 'source-over';
    context.clearRect(0, 0, layer.width, layer.height);
    context.save();
    context.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
    context.beginPath();
    context.rect(0, 0, picture.width, picture.height);
    context.clip();
    context.imageSmoothingEnabled = view.scale < 1;
    strokes.forEach((stroke) => draw(context, stroke));
    context.restore();
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = colour;
    context.fillRect(0, 0, layer.width, layer.height);
    this.context.globalAlpha = opacity;
    this.context.drawImage(layer, 0, 0);
    this.context.globalAlpha = 1;
  }

  drawBrush() {
    const { context, view, brush: { x, y, width } } = this;
    const radius = Math.max(width * view.scale / 2, 1);
    for (const [colour, wide] of [['#000a', 3], ['#fff', 1.25]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide * view.screen.ratio;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
