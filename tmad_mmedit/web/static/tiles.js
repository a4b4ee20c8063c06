// The picture in pieces: of each place the sharpest that has come.
import { tile as address } from './api.js';

const SIDE = 512;
const MOST = 160; // that are kept, some 160 MB

export class Tiles {
  constructor(changed) {
    this.changed = changed;
    this.kept = new Map(); // the last used is last
  }

  forget() {
    this.kept.clear();
  }

  // What could not be fetched is asked for again.
  retry() {
    for (const [key, tile] of this.kept) if (tile.failed) this.kept.delete(key);
    this.changed();
  }

  // Draw what is in view of a version; true if all of it is there, sharp.
  draw(context, view, picture, version, fetch = true) {
    const finest = picture.levels - 1;
    const wanted = Math.min(Math.max(Math.floor(Math.log2(1 / view.scale) + 1e-6), 0), finest);
    const step = SIDE * 2 ** wanted;
    const [left, top] = view.at(0, 0).map((x) => Math.max(Math.floor(x / step), 0));
    const [right, bottom] = view.at(view.screen.width, view.screen.height);
    let sharp = true;
    if (fetch) this.get(picture, version, finest, 0, 0, true); // the whole, first
    for (let row = top; row * step < Math.min(bottom, picture.height); row += 1) {
      for (let column = left; column * step < Math.min(right, picture.width); column += 1) {
        sharp = this.drawPlace(context, view, picture, version, wanted, column, row, fetch) && sharp;
      }
    }
    return sharp;
  }

  drawPlace(context, view, picture, version, wanted, column, row, fetch) {
    for (let level = wanted; level < picture.levels; level += 1) {
      const by = 2 ** (level - wanted);
      const place = [level, Math.floor(column / by), Math.floor(row / by)];
      const found = this.get(picture, version, ...place, fetch && level === wanted);
      if (found && found.ready) {
        drawPart(context, view, picture, found.image, place, [wanted, column, row]);
        return level === wanted;
      }
    }
    return false;
  }

  get(picture, version, level, column, row, fetch) {
    const key = [picture.token, version, level, column, row].join();
    let tile = this.kept.get(key);
    if (!tile && !fetch) return null;
    if (tile) {
      this.kept.delete(key);
    } else {
      tile = { image: new Image(), ready: false, failed: false };
      tile.image.src = address(picture.token, version, level, column, row);
      tile.image.decode().then(() => { tile.ready = true; }, () => { tile.failed = true; })
        .then(this.changed);
    }
    this.kept.set(key, tile);
    if (this.kept.size > MOST) this.kept.delete(this.kept.keys().next().value);
    return tile;
  }
}

// Draw the part of a tile that covers the place of another one, which is as
// fine or finer. Edges lie on whole screen pixels, so that no seam is seen.
function drawPart(context, view, picture, image, [level, column, row], [fine, x, y]) {
  const step = SIDE * 2 ** fine;
  const [left, top] = [x * step, y * step];
  const right = Math.min(left + step, picture.width);
  const bottom = Math.min(top + step, picture.height);
  const by = 2 ** level;
  const [fromX, fromY] = [left / by - column * SIDE, top / by - row * SIDE];
  const screen = (place, start) => Math.round(place * view.scale + start);
  const [toX, toY] = [screen(left, view.x), screen(top, view.y)];
  context.drawImage(
    image, fromX, fromY,
    Math.min((right - left) / by, image.width - fromX),
    Math.min((bottom - top) / by, image.height - fromY),
    toX, toY, screen(right, view.x) - toX, screen(bottom, view.y) - toY);
}
