/** Where the map's dots stand on the screen, which is next to which, and how they are drawn. */
import type { MapDot } from '../../protocol/data.ts';

export interface DotPosition {
  readonly x: number;
  readonly y: number;
}

/** Pixels. */
const MARGIN = 14;
const REACH = 24;

/** Spreads the dots over the picture: each direction by itself, since one is always wider. */
export function placeDots(
  dots: readonly MapDot[],
  { width, height }: { readonly width: number; readonly height: number },
): DotPosition[] {
  const range = (values: readonly number[]): readonly [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return [low, high > low ? high - low : 1];
  };
  const [left, wide] = range(dots.map(({ x }) => x));
  const [top, tall] = range(dots.map(({ y }) => y));
  return dots.map(({ x, y }) => ({
    x: MARGIN + ((x - left) / wide) * Math.max(0, width - 2 * MARGIN),
    y: MARGIN + ((y - top) / tall) * Math.max(0, height - 2 * MARGIN),
  }));
}

/** The dot at a point, within reach of a finger. */
export function nearestDot(places: readonly DotPosition[], point: DotPosition): number | undefined {
  let best: number | undefined;
  let least = REACH * REACH;
  for (const [i, { x, y }] of places.entries()) {
    const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/** The next dot in a direction; the same one where there is none. What lies off the way counts twice. */
export function neighbour(places: readonly DotPosition[], from: number, step: DotPosition): number {
  const start = places[from];
  if (start === undefined) return 0;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { x, y }] of places.entries()) {
    const along = (x - start.x) * step.x + (y - start.y) * step.y;
    const off = Math.abs((x - start.x) * step.y) + Math.abs((y - start.y) * step.x);
    const distance = along + 2 * off;
    if (i !== from && along > 0.5 && along >= off && distance < least) [best, least] = [i, distance];
  }
  return best;
}

interface Marks {
  /** Tasks that a search found. */
  readonly marked: ReadonlySet<string>;
  /** Indices of the dot that is read and of the one that is looked at. */
  readonly chosen: number;
  readonly at: number | undefined;
}

export function draw(
  canvas: HTMLCanvasElement,
  dots: readonly MapDot[],
  places: readonly DotPosition[],
  { marked, chosen, at }: Marks,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  const colours = Array.from({ length: 6 }, (_, type) => colour(`--type-${type}`));
  const dim = marked.size > 0;
  context.globalAlpha = dim ? 0.25 : 0.75;
  for (const [i, { type, count }] of dots.entries()) {
    const { x, y } = places[i] as DotPosition;
    context.fillStyle = colours[type % colours.length] as string;
    context.beginPath();
    context.arc(x, y, count > 1 ? 2.6 : 1.8, 0, 7);
    context.fill();
  }
  context.globalAlpha = 1;
  const ring = (i: number, fill: string, radius: number): void => {
    const place = places[i];
    if (place === undefined) return;
    context.fillStyle = fill;
    context.strokeStyle = colour('--ink');
    context.lineWidth = 1;
    context.beginPath();
    context.arc(place.x, place.y, radius, 0, 7);
    context.fill();
    context.stroke();
  };
  for (const [i, { task }] of dots.entries()) if (marked.has(task)) ring(i, colour('--memory'), 4);
  if (chosen >= 0) ring(chosen, colour('--agent'), 5.5);
  if (at !== undefined) ring(at, colour('--paper'), 5);
}
