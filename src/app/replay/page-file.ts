/**
 * A replay as one HTML file that plays by itself: opened from a disk, without a network, for as long as there are
 * browsers. Everything stands in it as plain markup, so that it reads without its script too; the script, the only one
 * that its policy allows, shows one step at a time. Texts of the trace are escaped, wherever they come from.
 */
import { type Trace, toldTask } from '../../agent/trace.ts';
import { xmlText } from '../../base/plain-text.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { sha256Hex } from '../../base/sha256.ts';
import type { SeenCondition } from '../../engine/index.ts';
import { Belief } from '../../player/belief.ts';
import type { Replayed } from '../../protocol/agent.ts';
import { wantedIn } from '../parts/wanted.ts';
import { episodeTitle, MEMORY_NAMES, plural, sentence, studentName } from '../parts/words.ts';
import {
  drawHouse,
  HOUSE_COLOURS,
  HOUSE_COLOURS_BY_NIGHT,
  HOUSE_STYLE,
  thingSymbols,
  thingsIn,
} from './house-picture.ts';
import { shorten } from './markup.ts';

/** Characters of the steps. An episode of the page has some 300,000. */
const LONGEST = 20_000_000;

const STYLE = `
:root{color-scheme:light dark;--ground:#e9eef2;--line:#c5cfdb;--good:#17694a;--action:#075a78;${HOUSE_COLOURS}}
@media (prefers-color-scheme:dark){:root{--ground:#0d1830;--line:#2c4066;--good:#7fdcae;--action:#8ad9f5;${HOUSE_COLOURS_BY_NIGHT}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:20px 24px 40px;background:var(--ground);color:var(--ink);font:16px/24px system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:26px;line-height:32px;margin:0 0 4px}
h2{font-size:17px;margin:24px 0 8px}
p,ul,ol{margin:0;padding:0}
ul,ol{list-style:none}
a{color:inherit}
.quiet,.observation{color:var(--ink-2)}
.control-bar{display:none;flex-wrap:wrap;gap:8px;align-items:center;margin:14px 0;padding:8px 0;position:sticky;top:0;background:var(--ground);z-index:1}
.live .control-bar{display:flex}
.control-bar button{font:600 16px/22px system-ui,sans-serif;padding:6px 14px;white-space:nowrap;border:1px solid var(--line-strong);border-radius:2px;background:var(--paper);color:var(--ink)}
.control-bar button:disabled{color:var(--ink-2);border-style:dashed}
.control-bar input{flex:1 1 200px;min-width:60px;accent-color:var(--agent)}
:focus-visible{outline:3px solid #0b62d6;outline-offset:2px}
.frame{display:grid;grid-template-columns:minmax(0,2fr) minmax(240px,1fr);gap:8px 28px;margin-bottom:28px}
.live .frame:not(.shown){display:none}
.house{width:100%;height:auto;display:block}
.said{background:var(--paper);border:1px solid var(--line);padding:12px 16px;align-self:start}
.thought{font-style:italic}
.action{font:600 15px/24px ui-monospace,monospace;color:var(--action)}
.action::before{content:"› "}
.goal{display:flex;flex-wrap:wrap;gap:2px 18px;grid-column:1/-1}
.goal .holds,.good{color:var(--good);font-weight:600}
.memory{margin:0 0 10px;padding:8px 12px;border-left:4px solid var(--memory);background:var(--paper)}
.symbols{position:absolute;width:0;height:0}
@media (max-width:760px){body{padding:14px 12px 30px}.frame{grid-template-columns:minmax(0,1fr)}}
${HOUSE_STYLE}`;

const SCRIPT = `
'use strict';
const frames = [...document.querySelectorAll('.frame')];
const [back, play, forward] = document.querySelectorAll('.control-bar button');
const line = document.querySelector('.control-bar input');
const last = frames.length - 1;
let at = 0;
let timer;
function show(to) {
  at = Math.max(0, Math.min(last, to));
  frames.forEach((frame, i) => frame.classList.toggle('shown', i === at));
  line.value = at;
  back.disabled = at === 0;
  forward.disabled = at === last;
  play.textContent = timer !== undefined ? 'Pause' : at === last ? 'From the start' : 'Play';
}
function stop() {
  clearInterval(timer);
  timer = undefined;
}
function beat() {
  if (at + 1 >= last) stop();
  show(at + 1);
}
play.addEventListener('click', () => {
  if (timer !== undefined) stop();
  else {
    if (at === last) show(0);
    timer = setInterval(beat, 900);
  }
  show(at);
});
back.addEventListener('click', () => { stop(); show(at - 1); });
forward.addEventListener('click', () => { stop(); show(at + 1); });
line.addEventListener('input', () => { stop(); show(line.valueAsNumber); });
document.body.classList.add('live');
show(0);
`;

/** Nothing but this file's own style and script; it can fetch nothing, send nothing and be framed by nobody's form. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${digest(STYLE)}'`,
  `script-src 'sha256-${digest(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Code: REPLAY_TOO_LARGE.
 * @param made where the page lies that made it, for a link back
 */
export function formatReplayPage(
  trace: Trace,
  { goals, mismatches }: Replayed,
  made: string,
  longest = LONGEST,
): Result<string> {
  const { header, steps, end } = trace;
  const { student, settings, memory, branch } = header;
  const title = xmlText(shorten(episodeTitle(trace), 200));
  const checked =
    goals === undefined
      ? 'The texts are shown as they were recorded, unchecked.'
      : mismatches.length === 0
        ? 'The engine gave the same texts, word for word, when this file was made.'
        : 'The engine disagreed with these texts when this file was made.';
  const off =
    branch === undefined
      ? ''
      : `, the first ${plural(branch.steps, 'step')} from an episode by ${studentName(branch.student.kind)}`;
  const facts = `By ${student.name}, ${MEMORY_NAMES[settings.memory]}, ${plural(steps.length, 'step')}${off}. ${checked}`;
  const wanted = wantedIn(toldTask(header));
  const kinds = new Set<string>();
  const frames: string[] = [];
  let length = 0;
  const belief = new Belief(header.intro);
  for (let at = 0; at <= steps.length; at++) {
    const before = steps[at - 1];
    if (before !== undefined) belief.observe(before.action, before.observation);
    for (const kind of thingsIn(belief)) kinds.add(kind);
    const frame = frameOf(at, trace, drawHouse(belief, wanted, 'elsewhere').svg, goals?.[at] ?? []);
    length += frame.length;
    if (length > longest)
      return refuse('REPLAY_TOO_LARGE', 'This episode is too large for a page of its own. Save its trace.');
    frames.push(frame);
  }
  const ending =
    end?.end === 'won'
      ? `<p class="good">Solved in ${plural(end.steps, 'step')}.</p>`
      : `<p>Not solved in ${plural(steps.length, 'step')}.</p>`;
  const remembered = memory.scripts.map(
    ({ script }) =>
      `<li class="memory"><b>${xmlText(script.taskName)}</b> ${xmlText(script.guidelines)}</li>`,
  );
  const link = /^https?:\/\//.test(made) ? `<a href="${xmlText(made)}">DuoMem</a>` : 'DuoMem';
  return ok(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${title}">
<meta property="og:title" content="${title}">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<svg class="symbols" aria-hidden="true"><defs>${thingSymbols(kinds)}</defs></svg>
<main>
<h1>${xmlText(sentence(header.task))}</h1>
<p class="quiet">${xmlText(facts)}</p>
<div class="control-bar" role="group" aria-label="Replay"><button type="button">Back</button><button type="button">Play</button><button type="button">Forward</button><input type="range" min="0" max="${steps.length}" value="0" aria-label="Step of the replay"></div>
<ol aria-live="polite">
${frames.join('\n')}
</ol>
${ending}
${remembered.length === 0 ? '' : `<h2>What it remembered</h2>\n<ul>${remembered.join('\n')}</ul>`}
</main>
<footer class="quiet">Made by ${link}, where a small language model does household chores in the browser.</footer>
<script>${SCRIPT}</script>
</body>
</html>
`);
}

function frameOf(
  at: number,
  { header, steps }: Trace,
  house: string,
  goal: readonly SeenCondition[],
): string {
  const step = steps[at - 1];
  const conditions = goal.map(
    ({ text, holds }) =>
      `<li class="${holds === true ? 'holds' : ''}">${holds === true ? '✓' : holds === undefined ? '?' : '○'} ${xmlText(text)}</li>`,
  );
  const said =
    step === undefined
      ? `<p class="observation">${xmlText(header.intro)}</p>`
      : [
          ['thought', step.thought],
          ['action', step.action === '' ? 'no action' : step.action],
          ['observation', step.observation],
        ]
          .filter(([, text]) => text !== '')
          .map(([kind, text = '']) => `<p class="${kind}">${xmlText(text)}</p>`)
          .join('');
  return `<li class="frame"><ul class="goal">${conditions.join('')}</ul><div>${house}</div><div class="said"><p class="quiet">Step ${at} of ${steps.length}</p>${said}</div></li>`;
}

/** SHA-256 in Base64, as policies name what they allow. */
function digest(text: string): string {
  const hex = sha256Hex(new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))));
}
