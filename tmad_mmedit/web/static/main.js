// The page: what is where, and what each part calls.
import * as api from './api.js';
import { wholeColoursOf, wholeMaskOf } from './bits.js';
import { chosen, listen as listenToFiles, save } from './files.js';
import { Hand } from './hand.js';
import { KEYS, listen as listenToKeys } from './keys.js';
import { LAYERS } from './layers.js';
import { Panel } from './panel.js';
import { ask, tell } from './says.js';
import { Stage } from './stage.js';
import { Tiles } from './tiles.js';
import { Tools } from './tools.js';
import { View } from './view.js';
import { Work } from './work.js';
import { show } from './show.js';

const part = (id) => document.getElementById(id);
const KEPT = 'tmad picture'; // in this tab, over a reload

const changed = () => {
  stage?.changed();
  show({ work, view, tools, stage });
};
let stage;
const work = new Work(tell, () => changed());
const view = new View(() => changed());
const tools = new Tools(() => { hand.cursor(); changed(); });
const tiles = new Tiles(() => changed());
stage = new Stage(part('canvas'), view, tiles, work);
const hand = new Hand(stage, tools, (stroke) => work.add(stroke));
const panel = new Panel(work);

work.opened = (picture) => {
  sessionStorage.setItem(KEPT, picture.token);
  tiles.forget();
  stage.seen = stage.shown = null;
  hand.last = null;
  tools.suit(picture);
  view.show(picture);
  hand.cursor();
};
work.returned = () => tiles.retry();

// Whatever is lost by it is asked for.
async function may(what) {
  return !work.unsaved || ask(
    `What you drew and painted on ${work.picture.name} is not downloaded, and goes away.`, what, 'Keep it');
}

async function open(file) {
  if (!work.busy && await may('Open the other')) await work.open(() => api.open(file, file.name), file);
}

async function openExample(name) {
  if (!await may('Open the example')) return;
  const opened = await work.open(() => api.openExample(name), null, () => api.exampleMask(name));
  if (opened && work.past.strokes.length) await work.remove();
}

async function download(ending) {
  const { picture } = work;
  if (!picture) return;
  await work.doing('Writing the file', async () => {
    const kind = ending || picture.endings[0];
    save(await api.result(picture.token, kind), `${stem(picture)}_removed.${kind}`);
    work.saved = picture.version;
  });
}

async function saveMask() {
  const { picture } = work;
  const { layer } = tools;
  const file = await (layer === 'hint' ? wholeColoursOf : wholeMaskOf)(work.past.of(layer), picture);
  if (file) save(file, `${stem(picture)}_${LAYERS[layer].ends}.png`);
  else tell('Nothing is drawn there: there is no file to save.');
}

const stem = (picture) => picture.name.replace(/\.[^.]*$/, '');

function original(shown) {
  if (!work.picture) return false;
  stage.original = shown;
  changed();
  return true;
}

function cancel() {
  if (hand.drop()) return;
  if (work.preview) work.undo();
  else if (work.past.pending) work.cancel();
  else panel.close();
}

const acts = {
  open: () => part('file').click(),
  remove: () => work.remove(),
  cancel,
  undo: () => work.undo(),
  redo: () => work.redo(),
  original,
  pan: (held) => { hand.panning = held; hand.cursor(); hand.ring(null); return true; },
  smaller: () => tools.size(1 / 1.2),
  larger: () => tools.size(1.2),
  brush: () => tools.choose('brush'),
  eraser: () => tools.choose('eraser'),
  lasso: () => tools.choose('lasso'),
  hand: () => tools.choose('hand'),
  hole: () => tools.layer !== 'hole' && tools.on('hole'),
  hint: () => tools.on('hint'),
  not_from: () => tools.on('not_from'),
  only_from: () => tools.on('only_from'),
  snap: () => work.snap(),
  accept: () => work.accept(),
  refuse: () => work.undo(),
  clear: () => work.past.kept.length && work.add({ kind: 'clear' }),
  closer: () => view.zoom(1.25),
  farther: () => view.zoom(1 / 1.25),
  fit: () => view.fit(),
  full: () => view.zoomTo(1),
  fullscreen: () => (document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  download: () => download(),
  keys: () => part('keys').showModal(),
  reopen: () => (work.file ? work.reopen() : part('file').click()),
  saveMask,
  made: () => panel.made(),
  again: () => panel.again(),
  settings: () => panel.toggle(),
  close: async () => {
    if (work.picture && await may('Close it')) {
      api.close(work.picture.token).catch(() => {});
      sessionStorage.removeItem(KEPT);
      work.clear();
      changed();
    }
  },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  if (!button) return;
  if (event.detail) button.blur(); // by a pointer: Enter and Space are the picture's again
  acts[button.dataset.act]();
});
part('original').addEventListener('pointerdown', (event) => {
  event.currentTarget.setPointerCapture(event.pointerId);
  original(true);
});
for (const name of ['pointerup', 'pointercancel']) {
  part('original').addEventListener(name, () => original(false));
}
part('original').addEventListener('keydown', (event) => {
  if (event.key === ' ' || event.key === 'Enter') original(true);
});
part('original').addEventListener('keyup', () => original(false));
part('files').addEventListener('click', (event) => {
  const button = event.target.closest('[data-ending]');
  if (button) download(button.dataset.ending);
});
part('examples').addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button) openExample(button.value);
});
chosen(part('file'), open);
chosen(part('mask'), (file) => work.load(tools.layer, file));
listenToFiles(open);
listenToKeys(acts);
addEventListener('beforeunload', (event) => { if (work.unsaved) event.preventDefault(); });
for (const [keys, what] of KEYS.filter(([, said]) => said)) {
  const row = part('keys').querySelector('tbody').insertRow();
  row.insertCell().append(Object.assign(document.createElement('kbd'), { textContent: keys }));
  row.insertCell().append(what);
}

async function begin() {
  try {
    const { models, examples } = await api.start();
    panel.offer(models);
    for (const name of examples) {
      const button = Object.assign(document.createElement('button'), {
        value: name, type: 'button', ariaLabel: `Example: ${name}` });
      button.append(Object.assign(new Image(), { src: `api/examples/${name}`, alt: '' }));
      part('examples').append(button);
    }
    part('try').hidden = !examples.length;
    const token = sessionStorage.getItem(KEPT);
    if (token) await work.resume(token);
  } catch (error) {
    tell(error.message);
  }
  document.documentElement.dataset.ready = '';
  changed();
}

window.tmad = { work, view, tools, stage }; // for tests, and for who is curious
begin();
