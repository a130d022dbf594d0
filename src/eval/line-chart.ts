/** A line chart as SVG text: a few lines over one axis. Plain attributes, so that it shows anywhere. */
import { xmlText } from '../base/plain-text.ts';

interface ChartLine {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly ChartLine[];
}

const WIDTH = 560;
const HEIGHT = 320;
const LEFT = 56;
const RIGHT = 130;
const TOP = 44;
const BOTTOM = 48;
/** Told apart without colour too: each has its own marker. */
const COLOURS = ['#1d4f91', '#b3541e', '#3b7a57', '#6b4c8a'];

export function lineChart({ title, x, y, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const most = Math.max(...points.map((point) => point.y));
  const step = stepFor(most);
  const top = Math.ceil(most / step) * step;
  // Ordinal: 0, 1, 3, 10 stand at even distances, since each is a case of its own.
  const many = Math.max(1, xs.length - 1);
  const across = (value: number): number => LEFT + (xs.indexOf(value) / many) * (WIDTH - LEFT - RIGHT);
  const up = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${xmlText(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="22" font-size="14" font-weight="600" fill="#1c2430">${xmlText(title)}</text>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(tick)}" y2="${up(tick)}" stroke="#d9dee6"/>`,
      `<text x="${LEFT - 8}" y="${up(tick) + 4}" text-anchor="end" fill="#4a5568">${shortly(tick)}</text>`,
    ]),
    ...xs.map(
      (value) =>
        `<text x="${across(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#4a5568">${shortly(value)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#1c2430">${xmlText(x)}</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="#1c2430">${xmlText(y)}</text>`,
    ...lines.flatMap((line, i) => drawLine(line, i, across, up)),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(
  { name, points }: ChartLine,
  index: number,
  across: (x: number) => number,
  up: (y: number) => number,
): string[] {
  const colour = COLOURS[index % COLOURS.length] as string;
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${across(x)} ${up(y)}`).join(' ');
  const last = points.at(-1);
  return [
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(({ x, y }) => marker(index, across(x), up(y), colour)),
    ...(last === undefined
      ? []
      : [`<text x="${across(last.x) + 10}" y="${up(last.y) + 4}" fill="${colour}">${xmlText(name)}</text>`]),
  ];
}

function marker(index: number, x: number, y: number, colour: string): string {
  if (index % 2 === 0) return `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
  return `<rect x="${x - 4}" y="${y - 4}" width="8" height="8" fill="#ffffff" stroke="${colour}" stroke-width="2"/>`;
}

/** 1, 2 or 5 times a power of ten, about five steps. */
function stepFor(most: number): number {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((n) => n * power >= rough) as number) * power;
}

function shortly(value: number): string {
  return String(Math.round(value * 100) / 100);
}
