// The keyboard: what each key does, as the page shows it and as it does it.

// [keys as they are shown, what they do, name of the action, which event it is]
export const KEYS = [
  ['Enter', 'Remove what is brushed', 'remove', (e) => e.key === 'Enter'],
  ['Escape', 'Cancel; close what is open', 'cancel', (e) => e.key === 'Escape'],
  ['Ctrl Z', 'Undo a stroke or a round', 'undo', (e) => ctrl(e) && !e.shiftKey && letter(e, 'z')],
  ['Ctrl Shift Z', 'Redo it', 'redo',
    (e) => ctrl(e) && ((e.shiftKey && letter(e, 'z')) || letter(e, 'y'))],
  ['Tab', 'See the original, while it is held', 'original', (e) => e.key === 'Tab' && !e.shiftKey],
  ['[', 'Smaller brush', 'smaller', (e) => e.key === '['],
  [']', 'Larger brush', 'larger', (e) => e.key === ']'],
  ['B', 'Brush', 'brush', (e) => letter(e, 'b')],
  ['E', 'Eraser; also the brush with Alt', 'eraser', (e) => letter(e, 'e')],
  ['L', 'Lasso', 'lasso', (e) => letter(e, 'l')],
  ['H', 'Hand', 'hand', (e) => letter(e, 'h')],
  ['C', 'Colour: press outside the hole to take one up, draw in the hole', 'hint', (e) => letter(e, 'c')],
  ['N', 'Draw what is not to be copied', 'not_from', (e) => letter(e, 'n')],
  ['O', 'Draw what alone is to be copied', 'only_from', (e) => letter(e, 'o')],
  ['M', 'Draw the hole again', 'hole', (e) => letter(e, 'm')],
  ['S', 'Snap to the thing', 'snap', (e) => letter(e, 's')],
  ['Shift', 'A straight line from the last stroke'],
  ['Space', 'Pan, while it is held; so do two fingers, or the middle button', 'pan',
    (e) => e.key === ' '],
  ['Wheel', 'Zoom; so do two fingers'],
  ['+  −', 'Zoom in and out'],
  ['', '', 'closer', (e) => e.key === '+' || e.key === '='],
  ['', '', 'farther', (e) => e.key === '-'],
  ['0', 'The whole picture', 'fit', (e) => e.key === '0'],
  ['1', 'Full size, pixel by pixel', 'full', (e) => e.key === '1'],
  ['F', 'Fullscreen', 'fullscreen', (e) => letter(e, 'f')],
  ['Ctrl O', 'Open a picture', 'open', (e) => ctrl(e) && letter(e, 'o')],
  ['Ctrl S', 'Download the result', 'download', (e) => ctrl(e) && letter(e, 's')],
  ['?', 'These keys', 'keys', (e) => e.key === '?'],
];
const HELD = ['original', 'pan'];
const TYPING = 'input:not([type=range]), select, textarea';

const ctrl = (event) => event.ctrlKey || event.metaKey;
const letter = (event, name) => event.key.toLowerCase() === name;

// `acts[name]()` does it; of what is held, `acts[name](true)` and then `(false)`.
export function listen(acts) {
  const held = new Set();
  addEventListener('keydown', (event) => {
    const { target } = event;
    const found = KEYS.find(([keys, , name, fits]) => (
      name && fits(event) && ctrl(event) === keys.startsWith('Ctrl')));
    if (!found || target.closest(TYPING) || document.querySelector('dialog[open]')) return;
    const [, , name] = found;
    // Enter and Space press a button that has the focus; Tab goes on from one
    const control = target.closest('button, a, summary, label');
    if (control && ['Enter', ' ', 'Tab'].includes(event.key)) return;
    if (HELD.includes(name)) {
      if (!acts[name](true)) return;
      held.add(name);
    } else if (!event.repeat || ['smaller', 'larger', 'closer', 'farther', 'undo', 'redo'].includes(name)) {
      acts[name]();
    }
    event.preventDefault();
  });
  const lift = (event) => {
    for (const name of held) {
      const [, , , fits] = KEYS.find(([, , each]) => each === name);
      if (event.type === 'blur' || fits(event)) {
        held.delete(name);
        acts[name](false);
      }
    }
  };
  addEventListener('keyup', lift);
  addEventListener('blur', lift);
}
