// Settings: how strokes grow, which model paints and how; and how it was made.
import * as api from './api.js';
import { LAYERS } from './layers.js';
import { tell } from './says.js';
import { draw } from './strokes.js';

const part = (id) => document.getElementById(id);

export class Panel {
  constructor(work) {
    this.work = work;
    this.models = {}; // which settings change what each paints
    for (const input of part('panel').querySelectorAll('[name]')) {
      input.addEventListener('change', () => this.read(input));
    }
  }

  toggle() {
    part('panel').hidden = !part('panel').hidden;
    if (!part('panel').hidden) this.learn();
  }

  close() {
    part('panel').hidden = true;
  }

  offer(models) {
    part('model').replaceChildren(...models.map((name) => new Option(name, name)));
    part('model').closest('label').hidden = models.length < 2;
    [this.work.settings.model] = models;
    this.learn();
  }

  // What the settings say, if they say something.
  read(input) {
    const { settings } = this.work;
    const { name } = input;
    if (input.type === 'checkbox') {
      settings[name] = input.checked;
    } else if (input.type === 'number') {
      if (!input.value || !input.checkValidity()) {
        input.value = settings[name] === 'auto' ? '' : settings[name];
        if (!input.placeholder) tell(`Give a whole number from ${input.min} to ${input.max}.`);
        if (input.placeholder) settings[name] = 'auto';
      } else {
        settings[name] = Number(input.value);
      }
    } else {
      settings[name] = input.value;
    }
    if (name === 'model') this.learn();
    if (name === 'close' || name === 'dilate') this.work.drawn();
  }

  // Settings that do nothing for the model at hand are not shown.
  async learn() {
    const { model } = this.work.settings;
    try {
      this.models[model] ||= (await api.model(model)).settings;
    } catch (error) {
      tell(error.message);
    }
    for (const name of ['seed', 'overlap']) {
      part(name).closest('label').hidden = !this.models[model]?.includes(name);
    }
  }

  async made() {
    const { picture } = this.work;
    if (!picture?.version) {
      tell('Nothing is painted yet: remove something first.');
      return;
    }
    const figures = part('made').querySelector('div');
    this.sources = [];
    part('again').hidden = true;
    figures.replaceChildren('Drawing it …');
    part('made').showModal();
    try {
      const images = [];
      for (const which of [0, 1]) {
        const blob = await api.figure(picture.token, picture.version, which)
          .catch((error) => { if (which && error.status === 404) return null; throw error; });
        if (blob) images.push(Object.assign(new Image(), {
          src: URL.createObjectURL(blob), alt: which ? 'Pieces of it' : 'Steps of the last round' }));
      }
      figures.replaceChildren(...images);
      images[0].addEventListener('click', (event) => this.forbid(event, picture));
    } catch (error) {
      figures.replaceChildren(error.message);
    }
  }

  // A press on a piece of the result: what it was copied from is not to be copied again.
  async forbid({ target, offsetX, offsetY }, { token, version, width, height }) {
    const scale = target.clientHeight / height; // three pictures side by side, at the left
    const [x, y] = [Math.floor(offsetX / scale) % width, Math.floor(offsetY / scale)];
    try {
      const source = await api.source(token, version, x, Math.min(y, height - 1));
      this.sources.push({ ...source, layer: 'not_from' });
    } catch (error) {
      tell(error.message);
      return;
    }
    const canvas = Object.assign(document.createElement('canvas'), {
      width: target.clientWidth, height: target.clientHeight });
    const context = canvas.getContext('2d');
    for (const n of [0, 2]) {
      context.setTransform(scale, 0, 0, scale, n * width * scale, 0);
      this.sources.forEach((stroke) => draw(context, stroke));
    }
    context.resetTransform();
    context.globalCompositeOperation = 'source-in';
    [context.fillStyle, context.globalAlpha] = LAYERS.not_from.tint;
    context.fillRect(0, 0, canvas.width, canvas.height);
    part('made').querySelector('canvas')?.remove();
    target.before(canvas);
    part('again').hidden = false;
  }

  async again() {
    part('made').close();
    await this.work.again(this.sources);
  }
}
