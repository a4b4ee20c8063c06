// Which part of the picture is seen, and how large: pixels of the screen
// (not CSS's) are picture pixels times `scale`, plus `x` and `y`.

const MOST = 32; // screen pixels a picture pixel
const MARGIN = 16; // CSS pixels around a picture that is seen whole

export class View {
  constructor(changed) {
    this.changed = changed;
    this.whole = true; // until someone zooms or pans
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.picture = { width: 1, height: 1 };
    this.screen = { width: 1, height: 1, ratio: 1 };
  }

  show(picture) {
    this.picture = picture;
    this.fit();
  }

  resize(screen) {
    const [x, y] = this.at(this.screen.width / 2, this.screen.height / 2);
    this.screen = screen;
    if (this.whole) {
      this.fit();
    } else { // what was in the middle stays there
      this.x = screen.width / 2 - x * this.scale;
      this.y = screen.height / 2 - y * this.scale;
      this.hold();
    }
  }

  get least() {
    const { width, height, ratio } = this.screen;
    const fit = Math.min((width - 2 * MARGIN * ratio) / this.picture.width,
      (height - 2 * MARGIN * ratio) / this.picture.height);
    return Math.max(Math.min(fit, 8 * ratio), 1e-3);
  }

  fit() {
    this.whole = true;
    this.scale = this.least;
    this.x = (this.screen.width - this.picture.width * this.scale) / 2;
    this.y = (this.screen.height - this.picture.height * this.scale) / 2;
    this.changed();
  }

  // The place of a screen pixel in the picture.
  at(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  // Larger by a factor; what is at a screen pixel stays there.
  zoom(by, x = this.screen.width / 2, y = this.screen.height / 2) {
    this.zoomTo(this.scale * by, x, y);
  }

  zoomTo(scale, x = this.screen.width / 2, y = this.screen.height / 2) {
    const [px, py] = this.at(x, y);
    this.scale = Math.min(Math.max(scale, Math.min(this.least, 1)), Math.max(MOST, this.least));
    this.x = x - px * this.scale;
    this.y = y - py * this.scale;
    this.whole = false;
    this.hold();
  }

  pan(x, y) {
    this.x += x;
    this.y += y;
    this.whole = false;
    this.hold();
  }

  // The picture's middle may not leave the screen further than its edge.
  hold() {
    const held = (place, length, room) => {
      const half = Math.min(room / 2, length / 2);
      return Math.min(Math.max(place, half - length), room - half);
    };
    this.x = held(this.x, this.picture.width * this.scale, this.screen.width);
    this.y = held(this.y, this.picture.height * this.scale, this.screen.height);
    this.changed();
  }
}
