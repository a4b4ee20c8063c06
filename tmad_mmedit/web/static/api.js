// What the server is asked for, and what it says.

// It said no, in a sentence.
export class Refused extends Error {
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

// It does not answer.
export class Away extends Error {}

async function ask(path, { method = 'GET', query = {}, body, signal } = {}) {
  const given = new URLSearchParams(query);
  let answer;
  try {
    answer = await fetch(`api/${path}${given.size ? `?${given}` : ''}`, { method, body, signal });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Away('The server does not answer: is it still running?');
  }
  if (answer.ok) return answer;
  if (answer.status === 502 || answer.status === 504) {
    throw new Away('The server does not answer: is it still running?');
  }
  const said = await answer.json().catch(() => ({}));
  throw new Refused(said.error || `The server says ${answer.status}: try again.`, answer.status);
}

const json = async (...given) => (await ask(...given)).json();
const at = (token, rest = '') => `pictures/${encodeURIComponent(token)}${rest}`;

// A part of a mask, as the server sends it, to be drawn at its place.
async function bits(...given) {
  const answer = await ask(...given);
  const image = await createImageBitmap(await answer.blob());
  const place = (name) => Number(answer.headers.get(name));
  return { kind: 'bits', image, left: place('X-Left'), top: place('X-Top') };
}

// A mask to send: its file is the body, its place is in the query.
const sent = (mask, query = {}) => (
  { method: 'POST', body: mask.file, query: { left: mask.left, top: mask.top, ...query } });

// And with it layers, as a form, in which a file's name is its place.
function form(parts) {
  const body = new FormData();
  for (const [name, { file, left, top }] of Object.entries(parts)) {
    body.append(name, file, `${left},${top}`);
  }
  return body;
}

export const start = () => json('start');
export const model = (name) => json(`models/${encodeURIComponent(name)}`);
export const open = (file, name) => json('pictures', { method: 'POST', body: file, query: { name } });
export const openExample = (name) => json(`examples/${name}`, { method: 'POST' });
export const exampleMask = (name) => bits(`examples/${name}/mask`);
export const state = (token) => json(at(token));
export const close = (token) => json(at(token), { method: 'DELETE' });
export const remove = (token, mask, query, said = {}) => json(at(token, '/remove'), (
  Object.keys(said).length ? { method: 'POST', body: form({ mask, ...said }), query } : sent(mask, query)));
export const cancel = (token) => json(at(token, '/job'), { method: 'DELETE' });
export const undo = (token, seen) => json(at(token, '/undo'), { method: 'POST', query: { seen } });
export const redo = (token, seen) => json(at(token, '/redo'), { method: 'POST', query: { seen } });
export const snap = (token, mask, version) => bits(at(token, '/snap'), sent(mask, { version }));
export const grow = (token, mask, growth, signal) => (
  bits(at(token, '/grow'), { ...sent(mask, growth), signal }));
export const loadMask = (token, file) => bits(at(token, '/mask'), { method: 'POST', body: file });
export const loadLayer = (token, layer, file) => (
  bits(at(token, `/layer/${layer}`), { method: 'POST', body: file }));
export const source = (token, version, x, y) => bits(at(token, `/source/${version}`), { query: { x, y } });
export const result = async (token, ending) => {
  const answer = await ask(at(token, `/file/${ending}`));
  return answer.blob();
};
export const tile = (token, version, level, column, row) => (
  `api/${at(token, `/tiles/${version}/${level}/${column}/${row}`)}`);
export const figure = async (token, version, part) => {
  const answer = await ask(at(token, `/figure/${version}/${part}`));
  return answer.blob();
};
