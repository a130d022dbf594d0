/**
 * Results as Markdown: a table of every figure by device, ratios, and what must be known of each device. Names come
 * from strangers' files and are written so that they mean nothing in Markdown.
 */
import { markdownTable, markdownText } from '../base/plain-text.ts';
import { type Ratio, rivalries, type VersionChange, versionChanges } from './compare.ts';
import {
  digits,
  FIGURE_NAMES,
  FIGURES,
  type Figure,
  figureTitle,
  formatValue,
  SUBJECT_NAMES,
  SUBJECTS,
} from './figures.ts';
import { adapterTitle, deviceTitle, type Joined } from './join.ts';
import { limitWords, onGpu } from './limit.ts';
import { spreadOf } from './spread.ts';

/** All of it; deterministic, whatever order the results came in. */
export function formatMarkdown(joined: readonly Joined[]): string {
  const valid = joined.filter(({ invalid }) => invalid.length === 0);
  const changes = versionChanges(joined);
  const classes = new Map<string, Joined[]>();
  for (const one of joined) {
    const name = className(one);
    classes.set(name, [...(classes.get(name) ?? []), one]);
  }
  return [
    '# Benchmarks',
    '',
    'Median of the repetitions, quartiles beside it. The limit is the longest of three times that were measured on the',
    'same device: reading the weights and the KV cache once, starting the dispatches one after the other, and reading',
    'the result back; the last column says which. Weights of a few megabytes stay in a cache from one token to the',
    'next: their bandwidth is that of a copy within as many bytes (cache), not that of memory (bandwidth). What is',
    'faster than its copy shows that no limit was found.',
    '',
    ...[...classes].flatMap(([name, members]) => [`## ${name}`, '', ...figureTable(members)]),
    ...countTable(valid),
    ...rivalTable(valid),
    ...changeTables(changes),
    '## Devices',
    '',
    ...joined.flatMap(describeJoined),
    '',
  ].join('\n');
}

/** Devices one after the other, each with its figures, ratios and caveats: for a page of docs. */
export function formatSummary(joined: readonly Joined[]): string {
  const devices = joined.flatMap((one) => [
    ...describeJoined(one),
    '',
    ...figureTable([one], false),
    ...countTable([one], false),
    ...rivalTable([one], false),
  ]);
  return ['', ...devices].join('\n');
}

/** What may be compared stands in one table. */
function className({ method, profile, weights }: Joined): string {
  const hashes = Object.entries(weights)
    .sort()
    .map(([key, hash]) => `${markdownText(key)} ${hash.slice(0, 8)}`);
  return [`Profile ${profile}, method ${method}`, ...hashes].join(', ');
}

function figureTable(members: readonly Joined[], named = true): string[] {
  const rows = members.flatMap((joined) =>
    joined.figures.map((figure) => ({ joined, figure, order: orderOf(figure) })),
  );
  rows.sort((a, b) => a.order - b.order);
  return markdownTable(
    ['what', 'figure', ...(named ? ['device'] : []), 'median', 'quartiles', 'limit', 'share', 'binds'],
    rows.map(({ joined, figure }) => {
      const { unit } = FIGURES[figure.name];
      const { low, median, high } = spreadOf(figure.samples);
      const { limit, share, binds } = limitWords(figure, joined.figures);
      return [
        SUBJECTS[figure.subject].title,
        figureTitle(figure),
        ...(named ? [titled(joined)] : []),
        formatValue(median, unit),
        `${formatValue(low, unit)} – ${formatValue(high, unit)}`,
        limit,
        share,
        binds,
      ];
    }),
  );
}

/** What was counted, not timed: the same on any device that takes the same paths. */
function countTable(joined: readonly Joined[], named = true): string[] {
  const rows = joined.flatMap((one) =>
    one.figures.flatMap((figure) => {
      const { name, subject, work } = figure;
      if (name !== 'decode' || work === undefined) return [];
      const { bytes, dispatches, submits, copies, writes, readBacks } = work;
      const calls = onGpu(subject)
        ? [dispatches, submits, copies, writes, readBacks].map(digits)
        : ['', '', '', '', ''];
      return [
        [
          SUBJECTS[subject].title,
          figureTitle(figure),
          ...(named ? [titled(one)] : []),
          formatValue(bytes, 'B'),
          ...calls,
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  const device = named ? ['device'] : [];
  const head = [
    'what',
    'figure',
    ...device,
    'weights and KV cache',
    'dispatches',
    'submits',
    'copies',
    'writes',
    'read-backs',
  ];
  return [
    ...(named ? ['## What a decoded token asks for', ''] : []),
    'What one decoded token asks of the device, counted.',
    '',
    ...markdownTable(head, rows),
  ];
}

function titled(joined: Joined): string {
  return `${markdownText(deviceTitle(joined.device))}${joined.invalid.length > 0 ? ' **(invalid)**' : ''}`;
}

/** Subject, then figure, then context. */
function orderOf({ subject, name, context = 0 }: Figure): number {
  return SUBJECT_NAMES.indexOf(subject) * 1e10 + FIGURE_NAMES.indexOf(name) * 1e8 + context;
}

function rivalTable(joined: readonly Joined[], named = true): string[] {
  const rows = joined.flatMap((one) =>
    rivalries(one).map(({ own, rival, figure, now, before, ratio }) => [
      ...(named ? [titled(one)] : []),
      figureTitle(figure),
      `${SUBJECTS[own].title}: ${formatValue(now, FIGURES[figure.name].unit)}`,
      `${SUBJECTS[rival].title}: ${formatValue(before, FIGURES[figure.name].unit)}`,
      `× ${digits(ratio)}`,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    ...(named ? ['## Against what one would pick instead', ''] : []),
    'Against what one would pick instead, in the same run; a ratio above 1 is better.',
    '',
    ...markdownTable([...(named ? ['device'] : []), 'figure', 'here', 'instead', 'ratio'], rows),
  ];
}

function changeTables(changes: readonly VersionChange[]): string[] {
  return changes.flatMap(({ device, before, ratios, refused }) => [
    `## ${markdownText(deviceTitle(device.device))}: ${version(device)} against ${version(before)}`,
    '',
    ...refused.map((reason) => `- ${markdownText(reason)}`),
    ...(refused.length > 0 ? [''] : []),
    ...(ratios.length > 0
      ? markdownTable(['what', 'figure', 'now', 'before', 'ratio (above 1 is better)'], ratios.map(changeRow))
      : []),
  ]);
}

function changeRow({ figure, now, before, ratio }: Ratio): string[] {
  const { unit } = FIGURES[figure.name];
  return [
    SUBJECTS[figure.subject].title,
    figureTitle(figure),
    formatValue(now, unit),
    formatValue(before, unit),
    `× ${digits(ratio)}`,
  ];
}

function version({ page }: Joined): string {
  return markdownText(`${page.version}${page.commit === null ? '' : ` (${page.commit.slice(0, 8)})`}`);
}

function describeJoined(joined: Joined): string[] {
  const { device, invalid, notes, taken, results } = joined;
  const { adapter, browser, os, power, threads } = device;
  const facts = [
    adapter === null ? 'no WebGPU' : adapterTitle(adapter),
    `${browser.name} ${browser.version} (${browser.mode})`,
    `${os.name} ${os.version}`.trim(),
    `${threads} threads`,
    power.mains === null ? '' : power.mains ? 'on mains' : 'on battery',
    `page ${joined.page.version}${joined.page.commit === null ? '' : ` ${joined.page.commit}`}`,
    `${taken}, ${results} ${results === 1 ? 'file' : 'files'}`,
  ].filter((fact) => fact !== '');
  return [
    `- **${markdownText(deviceTitle(device))}**: ${facts.map(markdownText).join('; ')}.`,
    ...invalid.map(({ message }) => `  - Invalid: ${markdownText(message)}`),
    ...notes.map((note) => `  - ${markdownText(note)}`),
  ];
}
