/**
 * What is measured: the figures with their units, and the subjects that they are measured on. Results from everywhere
 * use these words and no others. Seconds, bytes and rates a second throughout.
 */

export type Unit = 's' | 'tokens/s' | 'steps/s' | 'steps' | 'tasks' | 'B' | 'B/s';

interface FigureKind {
  readonly title: string;
  readonly unit: Unit;
  /** Which way is better. */
  readonly better: 'more' | 'less' | 'neither';
}

export const FIGURES = {
  copy: { title: 'memory bandwidth (copying)', unit: 'B/s', better: 'more' },
  'copy-weights': { title: 'bandwidth within as much as its weights (copying)', unit: 'B/s', better: 'more' },
  dispatch: { title: 'one empty dispatch', unit: 's', better: 'less' },
  'read-back': { title: 'one read-back', unit: 's', better: 'less' },
  'load-cold': { title: 'load, cold', unit: 's', better: 'less' },
  'load-warm': { title: 'load, warm', unit: 's', better: 'less' },
  'self-test': { title: 'self-test', unit: 's', better: 'less' },
  prefill: { title: 'prefill', unit: 'tokens/s', better: 'more' },
  decode: { title: 'decode', unit: 'tokens/s', better: 'more' },
  'first-turn': { title: 'time to first token, turn 1', unit: 's', better: 'less' },
  'later-turns': { title: 'time to first token, later turns', unit: 's', better: 'less' },
  task: { title: 'a whole task', unit: 's', better: 'less' },
  'task-steps': { title: 'steps of the task', unit: 'steps', better: 'neither' },
  embedding: { title: 'embedding a task', unit: 's', better: 'less' },
  retrieval: { title: 'retrieval, embedding included', unit: 's', better: 'less' },
  steps: { title: 'engine, observations read', unit: 'steps/s', better: 'more' },
  'steps-with-lists': { title: 'engine, with admissible commands', unit: 'steps/s', better: 'more' },
  'first-paint': { title: 'first paint after opening', unit: 's', better: 'less' },
  'first-action': { title: 'first action after the first paint', unit: 's', better: 'less' },
  'race-end': { title: 'end of the race after the first paint', unit: 's', better: 'less' },
  'long-tasks': { title: 'tasks over 50 ms until the end of the race', unit: 'tasks', better: 'less' },
  'longest-task': { title: 'the longest of them', unit: 's', better: 'less' },
  'view-empty': { title: "shown on a later visit, no memories of one's own", unit: 's', better: 'less' },
  'view-full': { title: 'shown on a later visit, all memories that are kept', unit: 's', better: 'less' },
  memory: { title: 'peak memory of the page', unit: 'B', better: 'less' },
  'gpu-memory': { title: 'peak of GPU buffers', unit: 'B', better: 'less' },
} as const satisfies Readonly<Record<string, FigureKind>>;

export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as [FigureName, ...FigureName[]];

/** Whose hashes must agree before two figures of a subject may be compared; keys of a result's `weights`. */
type WeightsKey = 'pocket' | '4b' | 'embedder' | 'bank' | 'games';

interface SubjectKind {
  readonly title: string;
  readonly weights: readonly WeightsKey[];
}

export const SUBJECTS = {
  'page/first': { title: 'the page, first visit', weights: ['pocket'] },
  'page/again': { title: 'the page, later visit', weights: ['pocket'] },
  'view/memory': { title: 'the view Memory', weights: ['bank'] },
  'view/play': { title: 'the view Play, its first step', weights: ['bank'] },
  'view/device': { title: 'the view Device', weights: ['bank'] },
  gpu: { title: 'GPU', weights: [] },
  processor: { title: 'CPU', weights: [] },
  'pocket/webgpu': { title: 'pocket student, WebGPU', weights: ['pocket'] },
  'pocket/kernels': { title: 'pocket student, own kernels', weights: ['pocket'] },
  'pocket/wasm': { title: 'pocket student, WASM', weights: ['pocket'] },
  '4b/webgpu': { title: '4B student, WebGPU', weights: ['4b'] },
  'transformers.js/webgpu': { title: 'transformers.js, WebGPU', weights: ['pocket'] },
  'transformers.js/wasm': { title: 'transformers.js, WASM', weights: ['pocket'] },
  memory: { title: 'memory', weights: ['embedder', 'bank'] },
  engine: { title: 'engine, in the page', weights: ['games'] },
  'engine/node': { title: 'engine, in Node', weights: ['games'] },
  'engine/alfworld': { title: 'the real ALFWorld engine', weights: ['games'] },
} as const satisfies Readonly<Record<string, SubjectKind>>;

export type Subject = keyof typeof SUBJECTS;
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as [Subject, ...Subject[]];

/** What one token, or one event, asks of a device. */
export interface Work {
  /** Of weights and KV cache that must be read. */
  readonly bytes: number;
  readonly dispatches: number;
  /** Waits for something to come back from the GPU. */
  readonly readBacks: number;
  readonly submits: number;
  /** Copies from buffer to buffer. */
  readonly copies: number;
  /** Writes from the CPU's memory. */
  readonly writes: number;
}

export interface Figure {
  readonly subject: Subject;
  readonly name: FigureName;
  /** Tokens in the context, where that matters. */
  readonly context?: number;
  /** One for each repetition, in the order of measuring. */
  readonly samples: readonly number[];
  readonly work?: Work;
}

/** `decode at 512` */
export function figureTitle({ name, context }: Pick<Figure, 'name' | 'context'>): string {
  const { title } = FIGURES[name];
  return context === undefined ? title : `${title} at ${context.toLocaleString('en')}`;
}

/** A value with its unit, in three digits: `12.3 ms`, `1,480 tokens/s`. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 's':
      if (value < 1e-3) return `${digits(value * 1e6)} µs`;
      return value < 1 ? `${digits(value * 1e3)} ms` : `${digits(value)} s`;
    case 'B':
    case 'B/s': {
      const step = [1, 1e3, 1e6, 1e9, 1e12].findLastIndex((size) => value >= size);
      return `${digits(value / 10 ** (3 * Math.max(0, step)))} ${['', 'k', 'M', 'G', 'T'][Math.max(0, step)]}${unit}`;
    }
    default:
      return `${digits(value)} ${unit}`;
  }
}

/** Three significant digits, with separators. */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2);
  const rounded = places > 0 ? value : Math.round(value / scale) * scale;
  return rounded.toLocaleString('en', {
    maximumFractionDigits: Math.min(places, 6),
  });
}
