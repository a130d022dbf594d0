/**
 * What each space of the distillation adds: the Δ columns of the paper's tables 1, 4 and 9, in points and in percent of
 * what was there, with the paper's 4B beside them.
 */
import type { PaperFigure } from './paper.ts';

/** The rows of the paper's tables: what a student remembers, and whose scripts. */
export type MemoryRow =
  | 'No Memory'
  | "Script, student's"
  | "Script, teacher's (CD)"
  | 'Trajectory'
  | "MemP, student's"
  | "MemP, teacher's (CD)";

/** A row of success rates, between 0 and 1. */
export interface Rated {
  readonly memory: MemoryRow;
  readonly student: string;
  readonly stage: 'base' | 'distilled';
  readonly successRate: number;
  readonly paper: PaperFigure | undefined;
}

export const GAINS_HEAD = ['', 'against', '', '', 'points', 'relative', "paper's 4B: points", 'relative'];

/** What is compared: memory and stage before, memory and stage after. */
const COMPARED: readonly (readonly [MemoryRow, Rated['stage'], MemoryRow, Rated['stage']])[] = [
  ['No Memory', 'base', "MemP, teacher's (CD)", 'distilled'],
  ["MemP, student's", 'base', "MemP, teacher's (CD)", 'distilled'],
  ['No Memory', 'base', "MemP, teacher's (CD)", 'base'],
  ['No Memory', 'distilled', "MemP, teacher's (CD)", 'distilled'],
  ["MemP, student's", 'base', "MemP, teacher's (CD)", 'base'],
  ["MemP, student's", 'distilled', "MemP, teacher's (CD)", 'distilled'],
  ["Script, student's", 'base', "Script, teacher's (CD)", 'base'],
  ["Script, student's", 'distilled', "Script, teacher's (CD)", 'distilled'],
  ...(
    ['No Memory', "Script, teacher's (CD)", 'Trajectory', "MemP, student's", "MemP, teacher's (CD)"] as const
  ).map((memory) => [memory, 'base', memory, 'distilled'] as const),
];

/**
 * A row for each pair of which both were played.
 * @param ofBase whether the distilled student was made of that base: otherwise what the one has and the other hasn't
 * isn't what the distillation adds, and has no row
 */
export function gainRows(rated: readonly Rated[], ofBase: boolean): string[][] {
  const find = (memory: MemoryRow, stage: Rated['stage']): Rated | undefined =>
    rated.find((one) => one.memory === memory && one.stage === stage);
  return COMPARED.flatMap(([before, stageBefore, after, stageAfter]) => {
    const from = find(before, stageBefore);
    const to = find(after, stageAfter);
    if (from === undefined || to === undefined || (stageBefore !== stageAfter && !ofBase)) return [];
    const name = ({ student, memory }: Rated): string => `${student}: ${memory}`;
    return [
      [
        name(to),
        name(from),
        `${inPercent(100 * to.successRate)} %`,
        `${inPercent(100 * from.successRate)} %`,
        ...gain(100 * from.successRate, 100 * to.successRate),
        ...(from.paper === undefined || to.paper === undefined
          ? ['', '']
          : gain(from.paper.successPercent, to.paper.successPercent)),
      ],
    ];
  });
}

/** Both in percent. Of nothing, no gain is a multiple. */
function gain(from: number, to: number): readonly [string, string] {
  return [signed(to - from), from === 0 ? '' : `${signed((100 * (to - from)) / from)} %`];
}

function signed(value: number): string {
  const text = inPercent(value);
  return Number(text) > 0 ? `+${text}` : text;
}

function inPercent(value: number): string {
  // Of what rounds to nothing the sign says nothing.
  return value.toFixed(1).replace(/^-0\.0$/, '0.0');
}
