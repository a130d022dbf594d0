import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trace } from '../../agent/trace.ts';
import { xmlText } from '../../base/plain-text.ts';
import { unwrap } from '../../base/result.ts';
import { anyTrace } from '../../testing/arbitrary-trace.ts';
import { formatEndingPicture } from './ending-picture.ts';
import { formatReplayPage } from './page-file.ts';

const HOSTILE =
  '</title></script><img src=x onerror=alert(1)><script>alert(2)</script>" onload="alert(3)\' x=\'\u202e\0\ud800';
const [sample] = fc.sample(
  anyTrace.filter(
    ({ steps, header }) =>
      steps.length >= 3 && header.memory.scripts.length > 0 && header.branch !== undefined,
  ),
  { numRuns: 1, seed: 1 },
) as [Trace];

/** Every text of a trace that someone else may have written, replaced by one text, and things and places of a name. */
function withTexts(text: string, kind = 'tray'): Trace {
  const { header, steps } = sample;
  const intro = `You are in the middle of a room. Looking quickly around you, you see a ${kind} 1, a fridge 1, and a shelf 1.\n\nYour task is to: ${text}`;
  const script = { taskName: text, guidelines: text };
  return {
    header: {
      ...header,
      intro,
      task: text,
      student: { ...header.student, name: text },
      memory: { ...header.memory, scripts: header.memory.scripts.map((one) => ({ ...one, script })) },
    },
    steps: steps.map((step) => ({
      ...step,
      thought: text,
      action: 'go to shelf 1',
      observation: `You arrive at shelf 1. On the shelf 1, you see a ${kind} 1, and a mug 1. ${text}`,
    })),
    end: undefined,
  };
}

const elements = (markup: string): string[] => markup.match(/<[!/]?[a-z]+/gi) ?? [];

test('what a stranger wrote into a trace stays text in the page and in the picture of it', () => {
  const goals = [[{ text: HOSTILE, holds: false }]];
  const page = (trace: Trace): string => {
    return unwrap(
      formatReplayPage(trace, { goals, mismatches: [], card: undefined }, 'https://example.org/"><i>'),
    );
  };
  const [harmless, hostile] = [withTexts('tray'), withTexts(HOSTILE, `<i>x"onload=y'&z`)];
  expect(page(hostile)).toContain('&#60;img src=x');
  expect(elements(page(hostile)).filter((one) => one === '<script')).toHaveLength(1);
  for (const made of [page(hostile), formatEndingPicture(hostile)]) {
    expect(made).not.toMatch(/<(img|i\b)|" onload=|[\0\u202e\ud800]/);
  }
  const kinds = (markup: string): string[] => [...new Set(elements(markup))].sort();
  expect(kinds(page(hostile))).toEqual(kinds(page(harmless)));
  expect(kinds(formatEndingPicture(hostile))).toEqual(kinds(formatEndingPicture(harmless)));
});

test('the page asks nothing of anywhere, and its policy names its own style and script', async () => {
  const made = formatReplayPage(withTexts('tray'), { goals: undefined, mismatches: [], card: undefined }, '');
  const page = made.ok ? made.value : '';
  expect(page).not.toMatch(/\b(?:src|srcset|data|action)=|href="(?!#)|url\(|@import/);
  for (const element of ['style', 'script']) {
    const text = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page)?.[1] ?? '';
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    expect(page).toContain(`${element}-src 'sha256-${Buffer.from(hash).toString('base64')}'`);
  }
  expect(page).toContain("default-src 'none'");
});

test('an episode that would fill the disk is refused', () => {
  const plain = { goals: undefined, mismatches: [], card: undefined };
  expect(formatReplayPage(withTexts('tray'), plain, '', 50_000)).toMatchObject({ ok: true });
  expect(formatReplayPage(withTexts('tray'), plain, '', 5_000)).toMatchObject({
    ok: false,
    error: { code: 'REPLAY_TOO_LARGE' },
  });
});

test('escaping leaves nothing that markup reads, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(xmlText(text)).not.toMatch(/[<>"']|&(?!#\d+;)/);
    }),
  );
});
