/**
 * The paper's own figures, to stand beside ours: ALFWorld valid_unseen, 134 tasks, 30 steps at most (DuoMem, arXiv
 * 2606.29961; the figures that its prose gives). Percent, steps, seconds on two A100.
 */
import type { MemoryConfiguration } from '../agent/prompt.ts';
import type { EpisodeSettings, ScriptSource } from '../agent/settings.ts';

export interface PaperFigure {
  readonly model: string;
  readonly lora: boolean;
  readonly memory: MemoryConfiguration;
  /** Whose scripts; undefined where there are none. */
  readonly scripts: ScriptSource | undefined;
  /** `full`, or the number of turns that the LoRA was trained on. */
  readonly history: 'full' | number;
  readonly k: number;
  readonly successPercent: number;
  readonly steps?: number;
  readonly seconds?: number;
  /** Where it stands. */
  readonly source: string;
}

const qwen = { model: 'Qwen3-4B-Instruct', history: 'full', k: 10 } as const;
const teacher = 'teacher' as const;
const student = 'student' as const;

export const PAPER_FIGURES: readonly PaperFigure[] = [
  {
    ...qwen,
    lora: false,
    memory: 'none',
    scripts: undefined,
    successPercent: 4.3,
    steps: 29.3,
    seconds: 18.49,
    source: 'Table 1, section 5.2',
  },
  {
    ...qwen,
    lora: false,
    memory: 'memp',
    scripts: student,
    successPercent: 55.0,
    source: 'Table 1, section 5.1',
  },
  {
    ...qwen,
    lora: false,
    memory: 'memp',
    scripts: teacher,
    successPercent: 56.4,
    source: 'Table 1, section 5.1',
  },
  { ...qwen, lora: true, memory: 'none', scripts: undefined, successPercent: 42.1, source: 'section 5.4' },
  {
    ...qwen,
    lora: true,
    memory: 'memp',
    scripts: student,
    successPercent: 72.1,
    source: 'Table 1, section 5.1',
  },
  {
    ...qwen,
    lora: true,
    memory: 'memp',
    scripts: teacher,
    successPercent: 77.9,
    steps: 20.6,
    seconds: 4.89,
    source: 'Table 1, section 5.2',
  },
  {
    ...qwen,
    lora: true,
    memory: 'none',
    scripts: undefined,
    history: 5,
    successPercent: 31.4,
    source: 'Table 5, section 5.5',
  },
  {
    ...qwen,
    lora: true,
    memory: 'none',
    scripts: undefined,
    history: 1,
    successPercent: 27.9,
    source: 'Table 5, section 5.5',
  },
  {
    ...qwen,
    model: 'Qwen3-14B',
    lora: false,
    memory: 'memp',
    scripts: teacher,
    k: 4,
    successPercent: 78.6,
    source: 'Figure 3',
  },
  {
    ...qwen,
    model: 'Qwen3-14B',
    lora: false,
    memory: 'script',
    scripts: teacher,
    successPercent: 63.6,
    source: 'Figure 3',
  },
];

/** The teacher's best, Qwen2.5-72B-Instruct. */
export const PAPER_TEACHER_PERCENT = 87.1;

/** Section 5.2 and table 3. */
export const PAPER_OVERHEADS = {
  adapterParameters: 5.9e6,
  adapterBytes: 12e6,
  tokensPerScript: 70,
  tokensPerTrajectory: 480,
  addedContext: 1_200,
  bankBytes: 4e6,
} as const;

/** The paper's figure for a cell of ours, of the model that it is about. */
export function paperFigure(
  wanted: Pick<PaperFigure, 'lora' | 'memory' | 'scripts' | 'history' | 'k'>,
): PaperFigure | undefined {
  return PAPER_FIGURES.find(
    (figure) =>
      figure.model === qwen.model &&
      figure.lora === wanted.lora &&
      figure.memory === wanted.memory &&
      figure.scripts === wanted.scripts &&
      figure.history === wanted.history &&
      (figure.scripts === undefined || figure.k === wanted.k),
  );
}

/**
 * What the paper says of a student of this kind with these settings, for a person; undefined where it says nothing: of
 * rules and of people there is no figure of the 4B student's, and another one's must not stand in its place.
 */
export function paperSentence(
  student: 'pocket' | 'smollm2' | 'mlc' | 'scripted' | 'human',
  { memory, scripts, history, k }: Pick<EpisodeSettings, 'memory' | 'scripts' | 'history' | 'k'>,
): string | undefined {
  if (student === 'scripted')
    return `The paper's teacher, a model of 72B, solves ${PAPER_TEACHER_PERCENT} % at best.`;
  if (student === 'human') return undefined;
  const whose = memory === 'script' || memory === 'memp' ? scripts : undefined;
  // Whether a 4B student was trained only its owner knows; the pocket student was.
  const trained = student === 'pocket' ? [true] : [true, false];
  const told = trained.flatMap((lora) => {
    const figure = paperFigure({ lora, memory, scripts: whose, history, k });
    if (figure === undefined) return [];
    const { successPercent, steps, seconds } = figure;
    const rest = [steps && `${steps} steps`, seconds && `${seconds} s a task`].filter(Boolean).join(' and ');
    return [`${lora ? 'distilled' : 'untrained'} ${successPercent} %${rest === '' ? '' : ` in ${rest}`}`];
  });
  if (told.length === 0) return undefined;
  const setting = whose === undefined ? '' : `, with the ${whose}'s scripts`;
  return `The paper's 4B student in this configuration${setting}: ${told.join(', ')}.`;
}
