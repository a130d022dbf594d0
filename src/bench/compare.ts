/**
 * Ratios: a figure of this page against the same figure of an earlier one on the same device, and of this project
 * against what a user would pick instead. What differs in weights or method isn't compared; it is said instead.
 */
import { compareCodePoints } from '../base/order.ts';
import { FIGURES, type Figure, type FigureName, SUBJECTS, type Subject } from './figures.ts';
import type { Joined } from './join.ts';
import { spreadOf } from './spread.ts';

export interface Ratio {
  readonly figure: Figure;
  readonly now: number;
  readonly before: number;
  /** Above 1: better. */
  readonly ratio: number;
}

/** Two pages on one device. */
export interface VersionChange {
  readonly device: Joined;
  readonly before: Joined;
  readonly ratios: readonly Ratio[];
  /** Sentences on what wasn't compared. */
  readonly refused: readonly string[];
}

/** Compares every page with the one before it on the same device; invalid runs count for nothing. */
export function versionChanges(joined: readonly Joined[]): VersionChange[] {
  const byDevice = new Map<string, Joined[]>();
  for (const one of joined) {
    if (one.invalid.length > 0) continue;
    byDevice.set(one.deviceKey, [...(byDevice.get(one.deviceKey) ?? []), one]);
  }
  return [...byDevice.values()].flatMap((pages) => {
    const inOrder = [...pages].sort((a, b) => compareCodePoints(age(a), age(b)));
    return inOrder.slice(1).map((now, i) => compareVersions(now, inOrder[i] as Joined));
  });
}

function age({ page, taken, method, profile }: Joined): string {
  return JSON.stringify([page.date ?? '', page.version, taken, method, profile]);
}

function compareVersions(device: Joined, before: Joined): VersionChange {
  const whole = wholeRefusal(device, before);
  if (whole !== undefined) return { device, before, ratios: [], refused: [whole] };
  const ratios: Ratio[] = [];
  const refused = new Set<string>();
  for (const figure of device.figures) {
    const same = before.figures.find((one) => sameFigure(one, figure));
    if (same === undefined || FIGURES[figure.name].better === 'neither') continue;
    const reason = weightsRefusal(figure.subject, device, before);
    if (reason === undefined) ratios.push(...ratioOf(figure, same));
    else refused.add(reason);
  }
  return { device, before, ratios, refused: [...refused] };
}

function wholeRefusal(a: Joined, b: Joined): string | undefined {
  if (a.method !== b.method) return `not compared: measured by method ${a.method} and by method ${b.method}`;
  if (a.profile !== b.profile) return `not compared: profile ${a.profile} and profile ${b.profile}`;
  return undefined;
}

function weightsRefusal(subject: Subject, a: Joined, b: Joined): string | undefined {
  const { title, weights } = SUBJECTS[subject];
  const key = weights.find((one) => a.weights[one] === undefined || a.weights[one] !== b.weights[one]);
  if (key === undefined) return undefined;
  const short = (joined: Joined): string => joined.weights[key]?.slice(0, 8) ?? 'unknown';
  return `${title} not compared: ${key} is ${short(a)} and ${short(b)}`;
}

/** A pair of subjects that a user chooses between, and the figures that tell. */
const RIVALS: readonly (readonly [Subject, Subject, readonly FigureName[]])[] = [
  ['pocket/webgpu', 'transformers.js/webgpu', ['load-warm', 'prefill', 'decode']],
  ['pocket/kernels', 'pocket/wasm', ['load-warm', 'prefill', 'decode']],
  ['pocket/kernels', 'transformers.js/wasm', ['load-warm', 'prefill', 'decode']],
  ['pocket/wasm', 'transformers.js/wasm', ['load-warm', 'prefill', 'decode']],
  // The real engine makes the list of admissible commands in every step, asked for or not.
  ['engine/node', 'engine/alfworld', ['steps-with-lists']],
  ['engine', 'engine/alfworld', ['steps-with-lists']],
];

interface Rivalry extends Ratio {
  readonly own: Subject;
  readonly rival: Subject;
}

/** What this project does against what a user would pick instead, on one device in one run. */
export function rivalries({ figures }: Joined): Rivalry[] {
  return RIVALS.flatMap(([own, rival, names]) =>
    figures
      .filter((figure) => figure.subject === own && names.includes(figure.name))
      .flatMap((figure) => {
        const other = figures.find((one) => sameFigure(one, { ...figure, subject: rival }));
        return other === undefined ? [] : ratioOf(figure, other).map((ratio) => ({ ...ratio, own, rival }));
      }),
  );
}

function sameFigure(a: Figure, b: Figure): boolean {
  return a.subject === b.subject && a.name === b.name && a.context === b.context;
}

/** None to what a clock was too coarse for. */
function ratioOf(figure: Figure, other: Figure): Ratio[] {
  const [now, before] = [spreadOf(figure.samples).median, spreadOf(other.samples).median];
  if (now === 0 || before === 0) return [];
  const ratio = FIGURES[figure.name].better === 'less' ? before / now : now / before;
  return [{ figure, now, before, ratio }];
}
