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

const STUDENT = 'Qwen3-4B-Instruct';

/** Of the student with the whole history and k = 10, unless `more` says otherwise. */
function figure(
  [lora, memory, scripts]: readonly [boolean, MemoryConfiguration, ScriptSource?],
  successPercent: number,
  source: string,
  more: Partial<PaperFigure> = {},
): PaperFigure {
  return { model: STUDENT, lora, memory, scripts, history: 'full', k: 10, successPercent, source, ...more };
}

const LARGER = { model: 'Qwen3-14B' } as const;

export const PAPER_FIGURES: readonly PaperFigure[] = [
  figure([false, 'none'], 4.3, 'Table 1, section 5.2', { steps: 29.3, seconds: 18.49 }),
  figure([false, 'memp', 'student'], 55.0, 'Table 1, section 5.1'),
  figure([false, 'memp', 'teacher'], 56.4, 'Table 1, section 5.1'),
  figure([true, 'none'], 42.1, 'section 5.4'),
  figure([true, 'memp', 'student'], 72.1, 'Table 1, section 5.1'),
  figure([true, 'memp', 'teacher'], 77.9, 'Table 1, section 5.2', { steps: 20.6, seconds: 4.89 }),
  figure([true, 'none'], 31.4, 'Table 5, section 5.5', { history: 5 }),
  figure([true, 'none'], 27.9, 'Table 5, section 5.5', { history: 1 }),
  figure([false, 'memp', 'teacher'], 78.6, 'Figure 3', { ...LARGER, k: 4 }),
  figure([false, 'script', 'teacher'], 63.6, 'Figure 3', LARGER),
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
    (one) =>
      one.model === STUDENT &&
      one.lora === wanted.lora &&
      one.memory === wanted.memory &&
      one.scripts === wanted.scripts &&
      one.history === wanted.history &&
      (one.scripts === undefined || one.k === wanted.k),
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
