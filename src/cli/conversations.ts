/**
 * `duomem conversations`: trajectories as the conversations that a student would have had, for training (JSON Lines,
 * read by models/finetune). The prompt is written by the code that writes it when a student plays, so that a student
 * is trained on exactly what it is shown.
 *
 *     {"kind":"conversation","version":1,"game":"...","try":1,"task":"...","taskType":"...","memory":"memp","opening":14,
 *      "messages":[["system","You are an agent ...",0],["user","...",0],["assistant","Thought: ...",1]]}
 *
 * `opening` counts the messages before the first reply; after them replies and observations alternate. The mark of a
 * message is 1 for a reply that is to be learnt, and 0 for everything else, replies of the reference trajectory and
 * replies that held no action included.
 */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import {
  allows,
  choosePromptMemory,
  formatObservation,
  formatReply,
  MEMORY_CONFIGURATIONS,
  type MemoryConfiguration,
  openingMessages,
} from '../agent/prompt.ts';
import type { Recall, Recalled } from '../agent/recall.ts';
import { DEFAULT_SETTINGS, SCRIPT_SOURCES, type ScriptSource } from '../agent/settings.ts';
import { Random } from '../base/random.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import { type CollectedTrajectory, parseTrajectories } from '../teacher/trajectory.ts';
import { readParsed } from './files/bank-files.ts';
import { NewFile } from './files/new-file.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { badInput, type CommandEnd, done, interrupted } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';
import { openRecall, shippedBanks } from './students/open-recall.ts';

type Shares = readonly (readonly [MemoryConfiguration, number])[];

interface Settings {
  readonly out: string;
  readonly memory: Shares;
  readonly k: number;
  readonly scripts: ScriptSource;
  readonly seed: number;
  readonly recall: Recall | undefined;
}

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--trajectories <file>', 'JSON Lines file that duomem collect wrote')
      .requiredOption('--out <file>', 'JSON Lines file for the conversations; written anew')
      .option(
        '--memory <shares>',
        `memory in the prompts, such as none=0.4,script=0.2,memp=0.4: ${MEMORY_CONFIGURATIONS.join(', ')}`,
        shares,
        [['none', 1]] as Shares,
      )
      .option('--k <n>', 'how many scripts', wholeNumber(0, 100), DEFAULT_SETTINGS.k)
      .option(
        '--scripts <whose>',
        'whose scripts: teacher, student',
        choiceOf(...SCRIPT_SOURCES),
        'teacher' as const,
      )
      .option('--bank <file...>', 'memory banks; otherwise the one that ships')
      .option('--embedder <dir>', 'embedding model of the banks; otherwise the one that ships')
      .option('--seed <n>', 'draws the memory configuration of each conversation', wholeNumber(0), 1)
      .addHelpText(
        'after',
        `
A trajectory never gets a memory that was made from its own game. The paper trains without memory in the prompts.
Result: {"conversations","replies","unlearnt","byMemory"}; "replies" are learnt, "unlearnt" held no action.`,
      ),
  outputs: { out: 'new' },
  run: async (options, terminal) => {
    const { trajectories, out, memory, k, scripts, seed, embedder, bank = shippedBanks(scripts) } = options;
    const file = await readParsed(trajectories, parseTrajectories);
    if (!file.ok) return file;
    const won = file.value.trajectories.filter((trajectory) => trajectory.won && trajectory.steps.length > 0);
    if (won.length === 0) {
      return refuse('TRAJECTORIES_NONE', 'The file holds no successful trajectories.', trajectories);
    }
    const asks = memory.some(([configuration, share]) => configuration !== 'none' && share > 0);
    const recall = asks ? await openRecall({ banks: bank, embedder, scripts }) : ok(undefined);
    if (!recall.ok) return recall;
    return write(won, { out, memory, k, scripts, seed, recall: recall.value }, terminal);
  },
});

function shares(text: string): Shares {
  const read = text.split(',').map((part) => {
    const [name = '', share = '1'] = part.split('=');
    const configuration = MEMORY_CONFIGURATIONS.find((one) => one === name.trim());
    const value = Number(share);
    if (configuration === undefined || share.trim() === '' || !(value >= 0 && value < 1e9)) {
      throw new InvalidArgumentError(
        `'${part}' must be one of ${MEMORY_CONFIGURATIONS.join(', ')} with a share.`,
      );
    }
    return [configuration, value] as const;
  });
  if (read.every(([, share]) => share === 0)) throw new InvalidArgumentError('A share must be above 0.');
  return read;
}

async function write(
  trajectories: readonly CollectedTrajectory[],
  settings: Settings,
  terminal: Terminal,
): Promise<CommandEnd> {
  const { out } = settings;
  const { signal } = terminal;
  const dialects = new Dialects(trajectories);
  const byMemory: Record<string, number> = table();
  let conversations = 0;
  let replies = 0;
  let unlearnt = 0;
  const opened = await NewFile.open(out);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    for (const trajectory of trajectories) {
      if (signal.aborted) return interrupted('Stopped; nothing was written.', { conversations });
      const made = await converse(trajectory, dialects.of(trajectory), settings);
      if (!made.ok) return badInput({ ...made.error, place: trajectory.game });
      await file.append(`${JSON.stringify(made.value)}\n`);
      const { memory, messages, opening } = made.value;
      const learnt = messages.filter(([, , mark]) => mark === 1).length;
      byMemory[memory] = (byMemory[memory] ?? 0) + 1;
      conversations++;
      replies += learnt;
      unlearnt += (messages.length - opening + 1) / 2 - learnt;
      terminal.progress(`${conversations} of ${trajectories.length} conversations written`);
    }
    await file.keep();
  } finally {
    await file.discard();
  }
  return done({ conversations, replies, unlearnt, byMemory });
}

export interface TrainingConversation {
  readonly kind: 'conversation';
  readonly version: 1;
  readonly game: string;
  readonly try: number;
  readonly task: string;
  readonly taskType: string;
  readonly memory: MemoryConfiguration;
  /** Messages before the first reply. */
  readonly opening: number;
  readonly messages: readonly (readonly [role: string, content: string, mark: 0 | 1])[];
}

async function converse(
  { game, try: number, task, taskType, home, intro, steps }: CollectedTrajectory,
  dialect: 'move' | 'put',
  { memory: mix, k, scripts, seed, recall }: Settings,
): Promise<Result<TrainingConversation>> {
  const memory = new Random(`${seed}/${game}/${number}`).weighted(mix);
  const allowed = allows(memory);
  const recalled: Result<Recalled> =
    memory === 'none' || recall === undefined
      ? ok({ scripts: [] })
      : await recall.recall({
          task,
          taskType,
          game,
          home,
          k: allowed.scripts ? k : 0,
          scripts,
          trajectory: allowed.trajectory,
        });
  if (!recalled.ok) return recalled;
  const { scripts: found, trajectory: reference } = recalled.value;
  const promptMemory = choosePromptMemory(
    memory,
    k,
    found.map(({ script }) => script),
    reference?.trajectory,
  );
  const opening = openingMessages(intro, promptMemory, dialect);
  const messages: TrainingConversation['messages'][number][] = opening.map(({ role, content }) => [
    role,
    content,
    0,
  ]);
  steps.forEach(({ thought, action, observation }, i) => {
    messages.push(['assistant', formatReply(thought, action), action === '' ? 0 : 1]);
    if (i < steps.length - 1) messages.push(['user', formatObservation(observation), 0]);
  });
  return ok({
    kind: 'conversation',
    version: 1,
    game,
    try: number,
    task,
    taskType,
    memory,
    opening: opening.length,
    messages,
  });
}

/** Trajectories don't say how their games put things down; what they did says it, or the rest of the file does. */
class Dialects {
  readonly #rest: 'move' | 'put';

  constructor(trajectories: readonly CollectedTrajectory[]) {
    this.#rest = trajectories.some((one) => spoken(one) === 'put') ? 'put' : 'move';
  }

  of(trajectory: CollectedTrajectory): 'move' | 'put' {
    return spoken(trajectory) ?? this.#rest;
  }
}

function spoken({ steps }: CollectedTrajectory): 'move' | 'put' | undefined {
  const done = steps.filter(({ observation }) => observation !== 'Nothing happens.');
  if (done.some(({ action }) => action.startsWith('put '))) return 'put';
  return done.some(({ action }) => action.startsWith('move ')) ? 'move' : undefined;
}
