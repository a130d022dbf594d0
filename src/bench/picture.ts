/**
 * The picture of results: a panel for each telling figure, a line for each device and subject; a dot at the median, a
 * bar from quartile to quartile, a tick at the physical limit. Scales are logarithmic: devices differ by thousands.
 * The page draws the same panels (src/app/benchmark/Picture.tsx).
 */
import { xmlText } from '../base/plain-text.ts';
import {
  FIGURES,
  type Figure,
  type FigureName,
  figureTitle,
  formatValue,
  SUBJECTS,
  type Unit,
} from './figures.ts';
import { deviceTitle, type Joined } from './join.ts';
import { limitOf } from './limit.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface PictureRow {
  readonly device: string;
  readonly subject: string;
  /** Same number, same device. */
  readonly group: number;
  readonly spread: Spread;
  readonly limit: number | undefined;
  readonly text: string;
}

export interface PicturePanel {
  readonly title: string;
  readonly unit: Unit;
  readonly rows: readonly PictureRow[];
  /** Round numbers that the scale runs through, the first and last its ends. */
  readonly ticks: readonly number[];
  /** How many rows found no place. */
  readonly left: number;
}

const PANELS: readonly FigureName[] = ['decode', 'prefill', 'first-turn', 'task', 'steps-with-lists'];
const MOST_ROWS = 40;

/** At the greatest context that was measured, best first; invalid runs are left out. */
export function picturePanels(joined: readonly Joined[]): PicturePanel[] {
  const valid = joined.filter(({ invalid }) => invalid.length === 0);
  return PANELS.flatMap((name) => {
    const contexts = valid.flatMap(({ figures }) =>
      figures.flatMap((figure) => (figure.name === name ? [figure.context ?? 0] : [])),
    );
    return [...new Set(contexts)]
      .sort((a, b) => b - a)
      .slice(0, 1)
      .map((context) => panel(name, context, valid));
  });
}

function panel(name: FigureName, context: number, joined: readonly Joined[]): PicturePanel {
  const { unit, better } = FIGURES[name];
  const chosen = (figure: Figure): boolean => figure.name === name && (figure.context ?? 0) === context;
  const rows = joined.flatMap(({ device, figures }, group) =>
    figures.filter(chosen).map((figure): PictureRow => {
      const spread = spreadOf(figure.samples);
      const limit = limitOf(figure, figures);
      return {
        device: deviceTitle(device),
        subject: SUBJECTS[figure.subject].title,
        group,
        spread,
        limit: limit === 'beaten' ? undefined : limit?.value,
        text: formatValue(spread.median, unit),
      };
    }),
  );
  rows.sort((a, b) => (better === 'less' ? 1 : -1) * (a.spread.median - b.spread.median));
  const shown = rows.slice(0, MOST_ROWS);
  const numbers = shown.flatMap(({ spread, limit = spread.median }) => [spread.low, spread.high, limit]);
  return {
    title: figureTitle({ name, ...(context === 0 ? {} : { context }) }),
    unit,
    rows: shown,
    ticks: logTicks(numbers),
    left: rows.length - shown.length,
  };
}

/** Powers of ten around the numbers; at least two. */
export function logTicks(numbers: readonly number[]): number[] {
  const positive = numbers.filter((x) => x > 0 && Number.isFinite(x));
  const low = Math.floor(Math.log10(Math.min(...positive, 1e15)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...positive, 1e-15)) - 1e-9);
  if (positive.length === 0) return [1, 10];
  return Array.from({ length: Math.max(1, high - low) + 1 }, (_, i) => Number(`1e${low + i}`));
}

/** The ticks that have room for their numbers. */
export function labelled(ticks: readonly number[]): number[] {
  const every = Math.ceil(ticks.length / 3);
  return ticks.filter((_, i) => i % every === 0);
}

/** Where a value stands on the scale, from 0 to 1. */
export function placeOn(ticks: readonly number[], value: number): number {
  const [first = 1, last = 10] = [ticks[0], ticks.at(-1)];
  const place = (Math.log10(value) - Math.log10(first)) / (Math.log10(last) - Math.log10(first));
  return Math.min(1, Math.max(0, place));
}

const WIDTH = 960;
const LEFT = 460;
const RIGHT = 140;
const ROW = 24;
const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#16243f}.t{font-weight:600;font-size:15px}.q{fill:#4b5a75}',
  'rect.g{fill:#fbfcfc}line.a{stroke:#dbe3ea}line.b{stroke:#8795ab;stroke-width:4;stroke-linecap:round}',
  'circle{fill:#d8431f}line.l{stroke:#16243f;stroke-width:2}',
  '@media (prefers-color-scheme:dark){text{fill:#e9effa}.q{fill:#aebbd4}rect.g{fill:#132240}line.a{stroke:#2c4066}',
  'line.b{stroke:#6f84ad}circle{fill:#ff7d4d}line.l{stroke:#e9effa}}',
].join('');

/** The picture as a file of its own. */
export function formatSvg(panels: readonly PicturePanel[]): string {
  let y = 12;
  const parts: string[] = [];
  for (const panelShown of panels) {
    parts.push(svgPanel(panelShown, y));
    y += 58 + ROW * panelShown.rows.length + 28;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="Benchmarks by device">`,
    `<style>${STYLE}</style><rect class="g" width="${WIDTH}" height="${y}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function svgPanel({ title, unit, rows, ticks, left }: PicturePanel, top: number): string {
  const x = (value: number): string => (LEFT + placeOn(ticks, value) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const bottom = top + 46 + ROW * rows.length;
  const more = left === 0 ? '' : ` (${left} more not shown)`;
  return [
    `<text class="t" x="16" y="${top + 20}">${xmlText(title)}${more}</text>`,
    ...ticks.map(
      (tick) => `<line class="a" x1="${x(tick)}" x2="${x(tick)}" y1="${top + 34}" y2="${bottom}"/>`,
    ),
    ...labelled(ticks).map(
      (tick) =>
        `<text class="q" text-anchor="middle" x="${x(tick)}" y="${bottom + 16}">${formatValue(tick, unit)}</text>`,
    ),
    ...rows.map(({ device, subject, spread, limit, text }, i) => {
      const y = top + 52 + ROW * i;
      const label = `${subject}, ${device}`;
      return [
        `<text x="16" y="${y + 4}">${xmlText(label.length > 62 ? `${label.slice(0, 61)}…` : label)}</text>`,
        `<line class="b" x1="${x(spread.low)}" x2="${x(spread.high)}" y1="${y}" y2="${y}"/>`,
        limit === undefined
          ? ''
          : `<line class="l" x1="${x(limit)}" x2="${x(limit)}" y1="${y - 7}" y2="${y + 7}"/>`,
        `<circle cx="${x(spread.median)}" cy="${y}" r="5"/>`,
        `<text x="${WIDTH - RIGHT + 16}" y="${y + 4}">${text}</text>`,
      ].join('');
    }),
  ].join('\n');
}
