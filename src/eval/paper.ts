/**
 * The paper's own figures, to stand beside ours: ALFWorld valid_unseen, 134 tasks, 30 steps at most (DuoMem, arXiv
 * 2606.29961; all that its prose gives). Percent, steps, seconds on two A100.
 */
import type { MemoryConfiguration } from '../agent/prompt.ts';
import type { EpisodeSettings, ScriptSource } from '../agent/settings.ts';

export interface PaperFigure {
  readonly model: string;
  readonly lora: boolean;
  /** It thinks before it answers. */
  readonly thinking?: boolean;
  readonly memory: MemoryConfiguration;
  /** Whose scripts; undefined where there are none, or the paper doesn't say. */
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

/** The student that its main tables are about. */
export const PAPER_STUDENT = 'Qwen3-4B-Instruct';

/** Of the student with the whole history and k = 10, unless `more` says otherwise. */
function figure(
  [lora, memory, scripts]: readonly [boolean, MemoryConfiguration, ScriptSource?],
  successPercent: number,
  source: string,
  more: Partial<PaperFigure> = {},
): PaperFigure {
  return {
    model: PAPER_STUDENT,
    lora,
    memory,
    scripts,
    history: 'full',
    k: 10,
    successPercent,
    source,
    ...more,
  };
}

const GEMMA_2B = { model: 'Gemma4-E2B-it' } as const;
const GEMMA_12B = { model: 'Gemma3-12B-it' } as const;
const QWEN_8B = { model: 'Qwen3-8B' } as const;
const LARGER = { model: 'Qwen3-14B' } as const;
const THINKS = { model: 'Qwen3-4B-Thinking', thinking: true } as const;
const BY_GAINS = 'section 5.1, by the gains that it gives';

export const PAPER_FIGURES: readonly PaperFigure[] = [
  figure([false, 'none'], 4.3, 'Table 1, section 5.2', { steps: 29.3, seconds: 18.49 }),
  figure([false, 'memp', 'student'], 55.0, 'Table 1, section 5.1'),
  figure([false, 'memp', 'teacher'], 56.4, 'Table 1, section 5.1'),
  figure([true, 'none'], 42.1, 'section 5.4'),
  figure([true, 'memp', 'student'], 72.1, 'Table 1, section 5.1'),
  figure([true, 'memp', 'teacher'], 77.9, 'Table 1, section 5.2', { steps: 20.6, seconds: 4.89 }),
  figure([true, 'none'], 31.4, 'Table 5, section 5.5', { history: 5 }),
  figure([true, 'none'], 27.9, 'Table 5, section 5.5', { history: 1 }),
  figure([false, 'none'], 2.1, 'section 5.1', GEMMA_2B),
  figure([false, 'memp', 'student'], 14.3, 'section 5.1', GEMMA_2B),
  figure([false, 'memp', 'teacher'], 16.4, 'section 5.1', GEMMA_2B),
  figure([true, 'none'], 40.7, 'section 5.4', GEMMA_2B),
  figure([true, 'memp', 'student'], 46.4, 'section 5.1', GEMMA_2B),
  figure([true, 'memp', 'teacher'], 55.7, 'section 5.1', GEMMA_2B),
  figure([false, 'none'], 14.3, 'section 5.1', GEMMA_12B),
  figure([false, 'memp', 'student'], 41.4, BY_GAINS, GEMMA_12B),
  figure([false, 'memp', 'teacher'], 46.4, BY_GAINS, GEMMA_12B),
  figure([true, 'memp', 'student'], 56.4, BY_GAINS, GEMMA_12B),
  figure([true, 'memp', 'teacher'], 66.4, 'section 5.1', GEMMA_12B),
  figure([false, 'none'], 40.7, 'section 5.4', QWEN_8B),
  figure([false, 'script', 'teacher'], 62.1, 'Table 10, appendix E', QWEN_8B),
  figure([false, 'script', 'teacher'], 77.1, 'Table 10, appendix E', { ...QWEN_8B, thinking: true }),
  figure([false, 'trajectory'], 82.9, 'section 6', THINKS),
  figure([false, 'memp'], 74.3, 'section 6', THINKS),
  figure([false, 'memp', 'teacher'], 78.6, 'Figure 3', { ...LARGER, k: 4 }),
  figure([false, 'script', 'teacher'], 63.6, 'Figure 3', LARGER),
];

/** The teacher's best, Qwen2.5-72B-Instruct. */
export const PAPER_TEACHER_PERCENT = 87.1;

/** What the paper's prose gives besides success rates. */
export const PAPER_REMARKS: readonly string[] = [
  `Of what was there, MemP adds 1,182 % to Qwen3-4B-Instruct and 5 % to its teacher (section 5.1); the teacher's scripts in
  place of its own 36.3 % (Script) and 14.7 % (MemP) to Gemma4-E2B-it, and take 3.5 % (MemP) from Qwen3-32B, thinking
  (section 5.3).`,
  `Seconds a task: its teacher 16.7 to 20.6 (section 5.2); Qwen3-8B 13 to 15, and 58 to 101 where it thinks (section 6,
  appendix E).`,
  `Adapters: 5.9 M parameters and 12 MB for Qwen3-4B-Instruct (r = 8), 23.6 M and 47 MB for Gemma3-12B-it (r = 16), 15.9 M
  and 32 MB on average (section 5.2, table 3).`,
  `Its teacher: 3,553 training tasks as 11,546 instances, up to five tries each, 99.0 % of the instances solved, 11,434
  trajectories (section 4, appendix A).`,
  `Each success rate in its prose is a share of 140 games, and 21 of the 23 can't be one of 134: its count of games may be
  another than it says.`,
];

/** Section 5.2 and table 3. */
export const PAPER_OVERHEADS = {
  adapterParameters: 5.9e6,
  adapterBytes: 12e6,
  tokensPerScript: 70,
  tokensPerTrajectory: 480,
  addedContext: 1_200,
  bankBytes: 4e6,
} as const;

/** The model of a figure and what was done with it: `Qwen3-4B-Instruct, LoRA, last 5`. */
export function paperModel({ model, lora, thinking, history }: PaperFigure): string {
  const thinks = thinking === true && !model.endsWith('Thinking') ? ', thinking' : '';
  return `${model}${thinks}${lora ? ', LoRA' : ''}${history === 'full' ? '' : `, last ${history}`}`;
}

/** The paper's figure for a cell of ours, of the model that it is about. */
export function paperFigure(
  wanted: Pick<PaperFigure, 'lora' | 'memory' | 'scripts' | 'history' | 'k'>,
): PaperFigure | undefined {
  return PAPER_FIGURES.find(
    (one) =>
      one.model === PAPER_STUDENT &&
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
  // There it's what the student was trained on (sections 3.3, 5.5), here what it's shown.
  const trainedOn =
    history === 'full' ? '' : `, trained on the last ${history === 1 ? 'turn' : `${history} turns`} alone`;
  return `The paper's 4B student in this configuration${setting}${trainedOn}: ${told.join(', ')}.`;
}
