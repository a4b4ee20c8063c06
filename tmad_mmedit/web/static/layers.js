// What is drawn says one of four things; each is a layer of its own.
import { coloursOf, maskOf } from './bits.js';

export const LAYERS = {
  hole: { ends: 'mask', tint: ['#ff3b30', .5] }, // what is removed
  hint: { ends: 'hint', tint: [null, .92] }, // what it should look like, in its own colours
  not_from: { ends: 'not_from', tint: ['#8a2be2', .5] }, // what is not copied
  only_from: { ends: 'only_from', tint: ['#00b3a4', .42] }, // what alone is copied
};

// What is said beside the hole, as it travels: {hint, not_from, only_from}, of which those that
// are not drawn are missing.
export async function said(past, picture) {
  const found = {};
  for (const layer of ['hint', 'not_from', 'only_from']) {
    const sent = await (layer === 'hint' ? coloursOf : maskOf)(past.of(layer), picture);
    if (sent) found[layer] = sent;
  }
  return found;
}
