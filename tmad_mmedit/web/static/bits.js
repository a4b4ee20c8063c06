// A mask as it travels: a PNG of one bit a pixel, of the part that is drawn on.
import { draw, extent } from './strokes.js';

const BAND = 256; // rows at a time: no canvas of 64 megapixels is needed
const CHECKS = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let k = 0; k < 8; k += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

// The mask of some strokes: {file, left, top}; null if nothing is drawn.
export async function maskOf(strokes, size) {
  const place = extent(strokes, size);
  if (!place) return null;
  const packed = pack(strokes, place);
  return packed && { file: await png(packed, place), left: place.left, top: place.top };
}

// The same at the picture's whole size, to be saved.
export async function wholeMaskOf(strokes, { width, height }) {
  const place = { left: 0, top: 0, width, height };
  const packed = pack(strokes, place);
  return packed && png(packed, place);
}

// The colours of some strokes: {file, left, top}; null if nothing is drawn.
export async function coloursOf(strokes, size) {
  const place = extent(strokes, size);
  if (!place) return null;
  const { left, top, width, height } = place;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.translate(-left, -top);
  strokes.forEach((stroke) => draw(context, stroke));
  return { file: await canvas.convertToBlob({ type: 'image/png' }), left, top };
}

// The same at the picture's whole size, to be saved.
export async function wholeColoursOf(strokes, { width, height }) {
  if (!extent(strokes, { width, height })) return null;
  const canvas = new OffscreenCanvas(width, height);
  strokes.forEach((stroke) => draw(canvas.getContext('2d'), stroke));
  return canvas.convertToBlob({ type: 'image/png' });
}

function pack(strokes, { left, top, width, height }) {
  const stride = Math.ceil(width / 8) + 1; // each row begins with its filter, none
  const rows = new Uint8Array(stride * height);
  const canvas = new OffscreenCanvas(width, Math.min(BAND, height));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  let some = false;
  for (let start = 0; start < height; start += BAND) {
    context.resetTransform();
    context.globalCompositeOperation = 'source-over';
    context.clearRect(0, 0, width, BAND);
    context.setTransform(1, 0, 0, 1, -left, -top - start);
    strokes.forEach((stroke) => draw(context, stroke));
    const end = Math.min(start + BAND, height);
    const { data } = context.getImageData(0, 0, width, end - start);
    for (let y = start; y < end; y += 1) {
      const from = (y - start) * width;
      for (let x = 0; x < width; x += 1) {
        if (data[(from + x) * 4 + 3] > 127) {
          rows[y * stride + 1 + (x >> 3)] |= 128 >> (x & 7);
          some = true;
        }
      }
    }
  }
  return some ? rows : null;
}

async function png(rows, { width, height }) {
  const head = new Uint8Array(13);
  const numbers = new DataView(head.buffer);
  numbers.setUint32(0, width);
  numbers.setUint32(4, height);
  head[8] = 1; // bit a pixel, grey
  const stream = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  return new Blob([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head),
    chunk('IDAT', data), chunk('IEND', new Uint8Array())], { type: 'image/png' });
}

function chunk(name, data) {
  const all = new Uint8Array(data.length + 12);
  const numbers = new DataView(all.buffer);
  numbers.setUint32(0, data.length);
  all.set([...name].map((letter) => letter.charCodeAt(0)), 4);
  all.set(data, 8);
  let check = 0xffffffff;
  for (let n = 4; n < data.length + 8; n += 1) {
    check = CHECKS[(check ^ all[n]) & 255] ^ (check >>> 8);
  }
  numbers.setUint32(data.length + 8, ~check >>> 0);
  return all;
}
