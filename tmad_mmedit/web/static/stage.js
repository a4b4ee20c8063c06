// What is seen: the picture, what is drawn on it, and the brush.
import { LAYERS } from './layers.js';
import { draw } from './strokes.js';

const GROWN = ['#ffb020', .42];
const WAITING = ['#2f7df6', .45];
const FOUND = ['#14c46a', .55];
const AROUND = 2; // screen pixels whose mean is a colour that is taken up
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
    const all = (layer) => {
      const own = this.stroke && (this.stroke.layer || 'hole') === layer;
      return own ? [...past.of(layer), this.stroke] : past.of(layer);
    };
    for (const layer of ['only_from', 'not_from']) this.tinted(all(layer), LAYERS[layer].tint);
    if (painting && past.pending) this.tinted([painting], WAITING);
    this.tinted(past.waiting, WAITING);
    if (preview) {
      this.tinted([preview], FOUND);
      return;
    }
    if (grown) this.tinted([grown], GROWN);
    this.tinted(all('hole'), LAYERS.hole.tint);
    this.tinted(all('hint'), LAYERS.hint.tint);
  }

  // Whether a place in the picture is to be painted.
  inHole([x, y]) {
    const { past, grown } = this.work;
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context.translate(-Math.floor(x), -Math.floor(y));
    [...past.strokes, ...(grown ? [grown] : [])].forEach((stroke) => draw(context, stroke));
    return context.getImageData(0, 0, 1, 1).data[3] > 127;
  }

  // The colour of the picture around a place, as '#rrggbb'; null where nothing is to be seen.
  colour([x, y]) {
    const { view: { scale }, tiles, work: { picture } } = this;
    const side = 2 * AROUND + 1;
    const [left, top] = [side / 2 - x * scale, side / 2 - y * scale];
    const view = { scale, x: left, y: top, screen: { width: side, height: side },
      at: (px, py) => [(px - left) / scale, (py - top) / scale] };
    const context = new OffscreenCanvas(side, side).getContext('2d');
    tiles.draw(context, view, picture, picture.version, false);
    const { data } = context.getImageData(0, 0, side, side);
    const sums = [0, 0, 0, 0];
    for (let n = 0; n < data.length; n += 4) {
      for (let k = 0; k < 3; k += 1) sums[k] += data[n + k] * data[n + 3];
      sums[3] += data[n + 3];
    }
    return sums[3] ? `#${sums.slice(0, 3).map(
      (sum) => Math.round(sum / sums[3]).toString(16).padStart(2, '0')).join('')}` : null;
  }

  // Strokes in one colour, which never adds up, or, without one, in their own.
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
    if (colour) {
      context.globalCompositeOperation = 'source-in';
      context.fillStyle = colour;
      context.fillRect(0, 0, layer.width, layer.height);
    }
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
