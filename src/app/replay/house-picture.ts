/**
 * The house as text of an SVG: for files that leave the page, where neither its layout nor its style sheets are at hand.
 * The same drawings and the same arrangement as on the page (house/), in a picture of a fixed width.
 */
import { xmlText } from '../../base/plain-text.ts';
import type { Belief, KnownPlace } from '../../player/belief.ts';
import { typeOf } from '../../player/names.ts';
import { arrange, numberOf, type PlaceGroup, spoken } from '../house/arrange.ts';
import { glyphOf } from '../house/Glyph.tsx';
import { shapesOf } from '../house/things.ts';
import { FIGURE } from '../house/Walker.tsx';
import { shorten } from './markup.ts';

/** Units of the picture. */
const HOUSE_WIDTH = 760;
const PAD = 14;
const TILE = { width: 58, broad: 128, height: 54, gap: 4 };
const KIND = 19;
const BETWEEN = { groups: 16, rows: 10 };
const THING = 22;

interface HousePicture {
  /** An `svg` element without a size of its own. */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** Colours by day, as variables and the classes that use them: those of base.css and house.css. */
export const HOUSE_COLOURS =
  '--paper:#fbfcfc;--ink:#16243f;--ink-2:#4b5a75;--line-strong:#8795ab;--hatch:#aab6c6;--wall:#1c2e52;--agent:#0a6f94;--tile:#f1f4f7;--thing-line:#2b3a55;--memory:#ffe37a';
export const HOUSE_COLOURS_BY_NIGHT =
  '--paper:#132240;--ink:#e9effa;--ink-2:#aebbd4;--line-strong:#6f84ad;--hatch:#465c88;--wall:#a9bfe6;--agent:#4fc3ee;--tile:#1a2c4f;--thing-line:#0b1426;--memory:#f0c944';
export const HOUSE_STYLE = `
.house text{font:500 13px system-ui,sans-serif;fill:var(--ink-2)}
.house .wall{fill:var(--paper);stroke:var(--wall);stroke-width:5}
.house .glyph{fill:none;stroke:var(--ink-2);stroke-width:1.25}
.house .tile{fill:var(--tile);stroke:var(--ink-2);stroke-width:1.5}
.house .unseen{fill:none;stroke:var(--line-strong);stroke-dasharray:5 4}
.house .top{stroke:var(--ink-2);stroke-width:4}
.house .leaf{fill:var(--hatch);stroke:var(--ink-2)}
.house .target{fill:none;stroke:var(--ink);stroke-width:2}
.house .here{fill:none;stroke:var(--agent);stroke-width:2}
.house .mystery{font-size:20px;fill:var(--line-strong);text-anchor:middle}
.house .more{text-anchor:end;font-size:12px}
.house .wanted{fill:var(--memory)}
.thing{stroke:var(--thing-line);stroke-width:1.1;stroke-linejoin:round;stroke-linecap:round}
.thing .line{fill:none;stroke-width:1.4}
.agent .limb{fill:none;stroke:var(--agent);stroke-width:3;stroke-linecap:round}
.agent .body{fill:var(--agent);stroke:var(--paper)}
.agent .eye{stroke:var(--paper);stroke-width:2.5;stroke-linecap:round}
.fill-r{fill:#d0674f}.fill-o{fill:#e5964d}.fill-y{fill:#efd06d}.fill-g{fill:#69ab63}.fill-b{fill:#6a9bd0}
.fill-t{fill:#63b5ac}.fill-p{fill:#a58cc9}.fill-w{fill:#faf7f0}.fill-s{fill:#b9c4cf}.fill-k{fill:#4b5870}
.fill-n{fill:#a9784f}
`.trim();

/** Drawings that pictures refer to: each kind of thing once, however often it is seen. */
export function thingSymbols(types: Iterable<string>): string {
  return [...new Set(types)]
    .sort()
    .map((type) => {
      const shapes = shapesOf(type).map(
        ({ colour, path }) =>
          `<path class="${colour === undefined ? 'line' : `fill-${colour}`}" d="${path}"/>`,
      );
      return `<symbol id="${symbolOf(type)}" viewBox="0 0 24 24"><g class="thing">${shapes.join('')}</g></symbol>`;
    })
    .join('');
}

/** Kinds of things that a house shows. */
export function thingsIn(belief: Belief): string[] {
  const held = belief.holding === undefined ? [] : [belief.holding];
  return [...belief.places.flatMap(({ contents }) => contents), ...held].map(typeOf);
}

/** @param symbols drawings that stand in the same document already; otherwise they are part of the picture */
export function drawHouse(belief: Belief, wanted: ReadonlySet<string>, symbols = ''): HousePicture {
  const parts: string[] = [];
  let agent = '';
  let y = PAD;
  for (const { groups } of arrange(belief)) {
    let x = PAD;
    let high = 0;
    for (const group of groups) {
      const { columns, width, height } = measure(group);
      if (x > PAD && x + width > HOUSE_WIDTH - PAD) {
        x = PAD;
        y += high + BETWEEN.rows;
        high = 0;
      }
      parts.push(
        `<path class="glyph" transform="translate(${x} ${y - 2})" d="${glyphOf(group.type)}"/>`,
        `<text x="${x + 28}" y="${y + 12}">${xmlText(shorten(spoken(group.type), 24))}</text>`,
      );
      for (const [i, place] of group.places.entries()) {
        const left = x + (i % columns) * (tileWidth(group) + TILE.gap);
        const top = y + KIND + Math.floor(i / columns) * (TILE.height + TILE.gap);
        parts.push(tile(place, left, top, group.wide, belief, wanted));
        if (belief.here === place.name)
          agent = figure(left + tileWidth(group) - 10, top + TILE.height, belief);
      }
      x += width + BETWEEN.groups;
      high = Math.max(high, height);
    }
    y += high + BETWEEN.rows;
  }
  const height = y + 22;
  if (belief.here === undefined) agent = figure(HOUSE_WIDTH / 2, height - 4, belief);
  const wall = `<rect class="wall" x="2.5" y="2.5" width="${HOUSE_WIDTH - 5}" height="${height - 5}"/>`;
  const own = symbols === '' ? `<defs>${thingSymbols(thingsIn(belief))}</defs>` : '';
  return {
    svg: `<svg class="house" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${HOUSE_WIDTH} ${height}" role="img" aria-label="The house, as far as the agent has seen it">${own}${wall}${parts.join('')}${agent}</svg>`,
    width: HOUSE_WIDTH,
    height,
  };
}

function tileWidth({ wide }: PlaceGroup): number {
  return wide ? TILE.broad : TILE.width;
}

function measure(group: PlaceGroup): { columns: number; width: number; height: number } {
  const step = tileWidth(group) + TILE.gap;
  const most = Math.floor((HOUSE_WIDTH - 2 * PAD + TILE.gap) / step);
  const columns = Math.min(group.places.length, most);
  const rows = Math.ceil(group.places.length / columns);
  const label = 28 + 7.5 * Math.min(24, spoken(group.type).length);
  return {
    columns,
    width: Math.max(columns * step - TILE.gap, label),
    height: KIND + rows * (TILE.height + TILE.gap) - TILE.gap,
  };
}

function tile(
  { name, type, door, contents, seenAt }: KnownPlace,
  x: number,
  y: number,
  wide: boolean,
  belief: Belief,
  wanted: ReadonlySet<string>,
): string {
  const width = wide ? TILE.broad : TILE.width;
  const unseen = seenAt === undefined && door === 'unknown';
  const room = wide ? 5 : 2;
  const isWanted = (object: string): boolean => wanted.has(typeOf(object));
  const shown = [...contents].sort((a, b) => Number(isWanted(b)) - Number(isWanted(a))).slice(0, room);
  const box = (kind: string, inset = 0): string =>
    `<rect class="${kind}" x="${x + inset}" y="${y + inset}" width="${width - 2 * inset}" height="${TILE.height - 2 * inset}"/>`;
  const told = contents.length === 0 ? name : `${name}: ${contents.join(', ')}`;
  const parts = [`<title>${xmlText(shorten(told, 400))}</title>`];
  if (door === 'none') parts.push(`<path class="top" d="M${x} ${y + TILE.height - 2}h${width}"/>`);
  else parts.push(box(unseen ? 'tile unseen' : 'tile'));
  if (door === 'closed') parts.push(leaf(x + 3, y + 17, width - 6));
  if (door === 'open') parts.push(leaf(x + 3, y + 17, 5));
  if (wanted.has(type)) parts.push(box('target', 1));
  if (belief.here === name) parts.push(box('here', -2));
  parts.push(`<text x="${x + 5}" y="${y + 13}">${numberOf(name)}</text>`);
  if (unseen) parts.push(`<text class="mystery" x="${x + width / 2}" y="${y + 39}">?</text>`);
  for (const [i, object] of shown.entries()) {
    const at = `x="${x + 5 + i * (THING + 2)}" y="${y + TILE.height - THING - 5}" width="${THING}" height="${THING}"`;
    if (isWanted(object)) parts.push(`<rect class="wanted" rx="3" ${at}/>`);
    parts.push(`<use href="#${symbolOf(typeOf(object))}" ${at}/>`);
  }
  const more = contents.length - shown.length;
  if (more > 0) parts.push(`<text class="more" x="${x + width - 4}" y="${y + 13}">+${more}</text>`);
  return `<g>${parts.join('')}</g>`;
}

function leaf(x: number, y: number, width: number): string {
  return `<rect class="leaf" x="${x}" y="${y}" width="${width}" height="${TILE.height - 20}"/>`;
}

/** The agent, its feet at a point, with what it holds above its head. */
function figure(x: number, y: number, { holding }: Belief): string {
  const body = Object.entries(FIGURE).map(([part, path]) => `<path class="${part}" d="${path}"/>`);
  const held =
    holding === undefined
      ? ''
      : `<use href="#${symbolOf(typeOf(holding))}" x="${x - 11}" y="${y - 54}" width="${THING}" height="${THING}"/>`;
  return `<g class="agent" transform="translate(${x - 12} ${y - 30})">${body.join('')}</g>${held}`;
}

/** A stranger's trace may hold things of any name. */
function symbolOf(type: string): string {
  return `thing-${[...type].map((sign) => (/[a-z]/.test(sign) ? sign : `_${sign.codePointAt(0)}`)).join('')}`;
}
