// What is drawn on the mask, in pixels of the picture. Each stroke is one of
//   line   points, width, erase: of the brush
//   area   points, erase: of the lasso
//   bits   image, left, top, replace: a mask
//   clear  nothing is left of what came before, in no layer
// with a `layer`, if it is not the hole's, and a `colour`, if it is a hint's.

export function draw(context, stroke) {
  context.globalCompositeOperation = stroke.erase ? 'destination-out' : 'source-over';
  if (stroke.kind === 'clear' || stroke.replace) {
    context.save();
    context.resetTransform();
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.restore();
  }
  context.strokeStyle = context.fillStyle = stroke.colour || '#000';
  if (stroke.kind === 'line') drawLine(context, stroke);
  if (stroke.kind === 'area') drawArea(context, stroke);
  if (stroke.kind === 'bits') context.drawImage(stroke.image, stroke.left, stroke.top);
}

function drawLine(context, { points, width }) {
  context.lineWidth = width;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(...points[0]);
  // a curve through the middles, so that a fast hand draws no corners
  for (let n = 1; n < points.length - 1; n += 1) {
    const [x, y] = points[n];
    context.quadraticCurveTo(x, y, (x + points[n + 1][0]) / 2, (y + points[n + 1][1]) / 2);
  }
  const [x, y] = points[points.length - 1];
  context.lineTo(x + (points.length === 1 ? 1e-2 : 0), y); // a dot has a length, too
  context.stroke();
}

function drawArea(context, { points }) {
  context.beginPath();
  points.forEach((point) => context.lineTo(...point));
  context.closePath();
  context.fill();
}

// Where something can be drawn, in whole pixels inside the picture; null if nowhere.
export function extent(strokes, { width, height }) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const reach = (x, y, by) => {
    left = Math.min(left, x - by);
    top = Math.min(top, y - by);
    right = Math.max(right, x + by);
    bottom = Math.max(bottom, y + by);
  };
  for (const stroke of strokes) {
    if (stroke.kind === 'clear' || stroke.replace) {
      [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    }
    if (stroke.kind === 'bits') {
      reach(stroke.left, stroke.top, 0);
      reach(stroke.left + stroke.image.width, stroke.top + stroke.image.height, 0);
    } else if (stroke.points && !stroke.erase) {
      stroke.points.forEach(([x, y]) => reach(x, y, (stroke.width || 0) / 2 + 1));
    }
  }
  left = Math.max(Math.floor(left), 0);
  top = Math.max(Math.floor(top), 0);
  right = Math.min(Math.ceil(right), width);
  bottom = Math.min(Math.ceil(bottom), height);
  return right > left && bottom > top
    ? { left, top, width: right - left, height: bottom - top } : null;
}
