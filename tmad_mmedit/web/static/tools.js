// What is in the hand: the tool, and the brush's width in picture pixels.

const [LEAST, MOST] = [1, 1000];
const PART = 1 / 20; // of the shorter side: the width on a new picture

export class Tools {
  constructor(changed) {
    this.changed = changed;
    this.tool = 'brush';
    this.layer = 'hole'; // what is drawn on
    this.colour = null; // of hints, once one was taken up
    this.width = 24;
    const slider = document.getElementById('width');
    slider.addEventListener('input', () => this.set(LEAST * (MOST / LEAST) ** slider.value));
    this.slider = slider;
  }

  suit({ width, height }) {
    this.set(Math.min(width, height) * PART);
  }

  choose(tool) {
    this.tool = tool;
    this.changed();
  }

  // What is drawn on; the hole, if it is that already.
  on(layer) {
    this.layer = this.layer === layer ? 'hole' : layer;
    if (this.tool === 'hand') this.tool = 'brush';
    this.changed();
  }

  take(colour) {
    this.colour = colour;
    this.changed();
  }

  // At least a pixel more or less.
  size(by) {
    const width = Math.round(this.width * by);
    this.set(width === this.width ? width + Math.sign(by - 1) : width);
  }

  set(width) {
    this.width = Math.min(Math.max(Math.round(width), LEAST), MOST);
    if (document.activeElement !== this.slider) {
      this.slider.value = Math.log(this.width / LEAST) / Math.log(MOST / LEAST);
    }
    this.changed();
  }
}
