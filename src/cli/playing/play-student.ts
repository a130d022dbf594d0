/** `duomem play --student`: a student plays a game in the terminal, step by step, while one looks on. */
import type { MemoryConfiguration } from '../../agent/prompt.ts';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import type { TaskReading, TraceStep } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { ok } from '../../base/result.ts';
import { type GameToPlay, playGame } from '../../eval/play-game.ts';
import { isSameTask } from '../../player/goal.ts';
import { writeNewFile } from '../files/new-file.ts';
import { badInput, type CommandEnd, done, interrupted } from '../program/outcome.ts';
import type { Terminal } from '../program/terminal.ts';
import { PROGRAM } from '../program/version.ts';
import { openRecall, shippedBanks } from '../students/open-recall.ts';
import { type NamedStudent, openNamedStudent } from '../students/open-student.ts';

interface Spectacle {
  readonly student: NamedStudent;
  readonly memory: MemoryConfiguration;
  readonly replyTokens: number;
  readonly thinking: boolean | undefined;
  readonly seed: number;
  /** The game's own sentence, where the task is asked for in other words. */
  readonly goal: string | undefined;
  /** Where the trace goes. */
  readonly out: string | undefined;
}

/** Result: {"game","won","steps"}. Codes: those of the student, the memory, the game, and of writing the trace. */
export async function watch(game: GameToPlay, spectacle: Spectacle, terminal: Terminal): Promise<CommandEnd> {
  const { memory, replyTokens, thinking, seed, goal, out } = spectacle;
  const student = await openNamedStudent(spectacle.student, (sentence) => terminal.progress(sentence));
  if (!student.ok) return student;
  try {
    const banks = shippedBanks('teacher');
    const recall = memory === 'none' ? ok(undefined) : await openRecall({ banks, scripts: 'teacher' });
    if (!recall.ok) return recall;
    const trace = await playGame(game, {
      student: student.value,
      settings: {
        ...DEFAULT_SETTINGS,
        memory,
        replyTokens,
        ...ON_STAGE,
        ...(thinking === undefined ? {} : { thinking }),
      },
      recall: recall.value,
      seed,
      program: PROGRAM,
      signal: terminal.signal,
      onHeader: ({ readAs }) => readAs && terminal.print(readingInWords(readAs, goal)),
      onStep: (step) => show(step, terminal),
    });
    if (!trace.ok) return trace;
    const written = out === undefined ? ok(true) : await writeNewFile(out, formatTrace(trace.value));
    if (!written.ok) return written;
    const { steps, end } = trace.value;
    const result = { game: game.key, won: end?.end === 'won', steps: steps.length };
    if (end?.refusal !== undefined) return badInput(end.refusal, result);
    return end?.end === 'stopped' ? interrupted('Stopped.', result) : done(result);
  } finally {
    await student.value.dispose();
  }
}

/** The same words as the page's. */
function readingInWords(readAs: TaskReading, goal: string | undefined): string {
  if ('refusal' in readAs)
    return `I don't understand this task, and read its words as they are. ${readAs.refusal.message}`;
  const another = goal !== undefined && !isSameTask(readAs.task, goal);
  return `I read this as: ${readAs.task}${another ? ` That's another task than this one: '${goal}' stays the goal.` : ''}`;
}

function show({ step, thought, action, observation }: TraceStep, terminal: Terminal): void {
  if (thought !== '') terminal.print(`   ${thought}`);
  terminal.print(`${step}. ${action === '' ? '(no action)' : action}`);
  terminal.print(`   ${observation}`);
}
