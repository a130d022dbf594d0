/** Words for things that the program calls by a name. */

import type { MemoryConfiguration } from '../../agent/prompt.ts';
import type { EpisodeSettings } from '../../agent/settings.ts';
import type { StudentKind, Trace } from '../../agent/trace.ts';
import type { StudentChoice } from '../../protocol/agent.ts';

export const MEMORY_NAMES: Readonly<Record<MemoryConfiguration, string>> = {
  none: 'No memory',
  script: 'Plans (scripts)',
  trajectory: 'One example (trajectory)',
  memp: 'Plans and an example (MemP)',
};

export const STUDENT_NAMES: Readonly<Record<StudentChoice, string>> = {
  pocket: 'Pocket student',
  smollm2: 'SmolLM2',
  mlc: '4B student',
  scripted: 'Scripted teacher',
  human: 'You',
};

/** A name as it stands within a sentence: SmolLM2, MemP and 4B stay as they are. */
export function inSentence(name: string): string {
  return name.replace(/^[A-Z](?=[a-z]+\b)/, (letter) => letter.toLowerCase());
}

/** Who plays a run: the same student with and without thinking is two. */
export function playerName(student: StudentChoice, { thinking }: Pick<EpisodeSettings, 'thinking'>): string {
  return thinking === true ? `${STUDENT_NAMES[student]}, thinking` : STUDENT_NAMES[student];
}

/** A player in a sentence; also one that this page doesn't offer. */
export function studentName(kind: StudentKind): string {
  const known = (STUDENT_NAMES as Readonly<Record<string, string>>)[kind];
  return kind === 'human' ? 'a person' : known === undefined ? kind : `the ${inSentence(known)}`;
}

/** Where a student ran, in a sentence; a trace has the runtime's own words for it. */
export function processorOf(device: string): string {
  if (/\bwebgpu\b/i.test(device)) return 'the GPU';
  return /\b(wasm|cpu)\b/i.test(device) ? 'the CPU' : device;
}

/** What a person should know before choosing one. */
export const STUDENT_NOTES: Readonly<Record<StudentChoice, string>> = {
  pocket: 'A language model of a few megabytes. It runs in this tab.',
  smollm2:
    'A real language model of 135 million parameters, downloaded and merged under Models. It runs on your CPU.',
  mlc: 'A language model of two gigabytes, downloaded or imported under Models. It runs on your GPU.',
  scripted: 'A program with rules, no model: it shows what a good run looks like.',
  human: 'You type or click the actions yourself.',
};

/** `Put a hot apple in sidetable.` */
export function sentence(task: string): string {
  return task.charAt(0).toUpperCase() + task.slice(1);
}

/** `“put a hot apple in sidetable”`: as it is called, in a sentence of the page's. */
export function quoted(name: string): string {
  return `“${name.replace(/\.$/, '')}”`;
}

/** `Put a hot apple in sidetable: solved in 8 steps by the pocket student`: what a replay is called. */
export function episodeTitle({ header, end, steps }: Trace): string {
  const how = end === undefined ? 'broken off after' : end.end === 'won' ? 'solved in' : 'not solved in';
  const task = sentence(header.task).replace(/\.$/, '');
  return `${task}: ${how} ${plural(steps.length, 'step')} by ${studentName(header.student.kind)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `12,345`, of a whole number. Several stand in every picture, and the browser's own way takes a formatter each time. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `3.2 kB`, `1.7 MB`: a number is never broken from its unit. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  const [value, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}\u00a0${unit}`;
}

export function seconds(ms: number): string {
  if (ms < 1) return '<\u00a01\u00a0ms';
  if (ms < 1000) return `${Math.round(ms)}\u00a0ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)}\u00a0s`;
}
