/** A picture of how an episode ended, to be saved or shared: drawn here as an SVG, and made a PNG by the browser. */

import { type Trace, toldTask } from '../../agent/trace.ts';
import { xmlText } from '../../base/plain-text.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { beliefAfter } from '../../player/belief.ts';
import { wantedIn } from '../parts/wanted.ts';
import { MEMORY_NAMES, sentence, studentName } from '../parts/words.ts';
import { drawHouse, HOUSE_COLOURS, HOUSE_STYLE } from './house-picture.ts';
import { shorten } from './markup.ts';

/** As messengers and networks show pictures of links. */
const PICTURE = { width: 1200, height: 630 } as const;
const SIDE = 48;
const TEXT_WIDTH = 400;

/** The text of an SVG of {@link PICTURE}'s size that needs nothing from elsewhere. */
export function formatEndingPicture({ header, steps, end }: Trace): string {
  const house = drawHouse(beliefAfter(header.intro, steps), wantedIn(toldTask(header)));
  const room = { width: PICTURE.width - 3 * SIDE - TEXT_WIDTH, height: PICTURE.height - 2 * SIDE };
  const scale = Math.min(room.width / house.width, room.height / house.height);
  const [width, height] = [house.width * scale, house.height * scale];
  const x = PICTURE.width - SIDE - width;
  const y = (PICTURE.height - height) / 2;
  const placed = house.svg.replace(
    '<svg ',
    `<svg x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" `,
  );
  const lines = wrap(sentence(shorten(header.task, 120)), 21).slice(0, 5);
  const won = end?.end === 'won';
  const task = lines.map((line, i) => text('task', 110 + i * 44, line));
  const below = 110 + lines.length * 44;
  const by = `by ${studentName(header.student.kind)}`;
  const memory = MEMORY_NAMES[header.settings.memory];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PICTURE.width} ${PICTURE.height}" width="${PICTURE.width}" height="${PICTURE.height}"><style>:root{${HOUSE_COLOURS}}${HOUSE_STYLE}
text{font-family:Barlow,system-ui,sans-serif;fill:#16243f}.task{font-size:33px;font-weight:600}.count{font-size:110px;font-weight:600;letter-spacing:-4px}.won{fill:#17694a}.told{font-size:26px}.small{font-size:21px;fill:#4b5a75}</style><rect width="100%" height="100%" fill="#e9eef2"/>${task.join('')}${text(`count${won ? ' won' : ''}`, below + 96, String(steps.length))}${text('told', below + 136, `${steps.length === 1 ? 'step' : 'steps'}: ${won ? 'solved' : 'not solved'}`)}${text('small', below + 176, by)}${text('small', below + 204, memory)}${text('small', PICTURE.height - SIDE, 'DuoMem, in the browser')}${placed}</svg>`;
}

/** The picture as a PNG. Code PICTURE_FAILED where the browser can't make one. */
export async function paintEnding(trace: Trace): Promise<Result<Blob>> {
  const svg = new Blob([formatEndingPicture(trace)], { type: 'image/svg+xml' });
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image(PICTURE.width, PICTURE.height);
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = PICTURE.width;
    canvas.height = PICTURE.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png !== null) return ok(png);
  } catch {
    // Said below: which of the browser's parts refused helps nobody.
  } finally {
    URL.revokeObjectURL(address);
  }
  return refuse('PICTURE_FAILED', "This browser couldn't make the picture. Save the page of the replay.");
}

function text(kind: string, y: number, words: string): string {
  return `<text class="${kind}" x="${SIDE}" y="${y}">${xmlText(words)}</text>`;
}

/** Lines of about this many characters. */
function wrap(words: string, length: number): string[] {
  const lines = [''];
  for (const word of words.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > length) lines.push(shorten(word, length));
    else lines[lines.length - 1] = line === '' ? shorten(word, length) : `${line} ${word}`;
  }
  return lines;
}
