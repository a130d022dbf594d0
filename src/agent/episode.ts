/**
 * The episode loop: asks the memory, builds the prompt, has the player reply, gives the action to the engine, up to 30
 * times. It knows neither who plays nor who watches: every step comes out as the record that the trace keeps, one at a
 * time, so that whoever asks for the next one decides when it happens (step, pause), and a signal stops it.
 * Deterministic: the same world, memories, replies and clock give the same records.
 */

import { ok, type Result } from '../base/result.ts';
import type { Episode, World } from '../engine/index.ts';
import { typeOf } from '../player/names.ts';
import { asTemplate } from '../player/template.ts';
import { type ContextBudget, nextPrompt, type Opening, openEpisode, type Prompt } from './context.ts';
import type { Conversation, EpisodeView, ReplyCounters } from './conversation.ts';
import { groundedRule } from './grounding.ts';
import { allows, choosePromptMemory, type Message, type ReadAs, type Turn, taskMessage } from './prompt.ts';
import type { Recall, Recalled } from './recall.ts';
import { parseReply } from './reply.ts';
import type { EpisodeSettings } from './settings.ts';
import type { StudentIdentity, TraceBranch, TraceEnd, TraceGame, TraceHeader, TraceStep } from './trace.ts';
import { TRACE_VERSION, toldIntro, toldTask } from './trace.ts';
import { formatRecord, TRACE_LIMITS } from './trace-file.ts';

/** What the loop must know of a student besides its replies. */
export interface Player {
  readonly identity: StudentIdentity;
  /** Tokens of context; undefined where there is no limit. */
  readonly contextLimit: number | undefined;
  /** Length of rendered messages in the student's tokens, with the generation prompt; absent where it has none. */
  countTokens?(messages: readonly Message[]): number;
  /** Messages as it reads them; absent where it reads them as they are. */
  asRead?(messages: readonly Message[]): ReadAs;
  /** It can hold its replies to a rule while it writes them. */
  readonly holdsReplies?: boolean;
  /** It learnt the templates' sentences: a task in other words is told it as one (src/player/read-task.ts). */
  readonly knowsTemplates?: boolean;
}

export interface EpisodeSetup {
  readonly world: World;
  readonly game: TraceGame;
  readonly player: Player;
  readonly settings: EpisodeSettings;
  /** The memory; not asked where the configuration is 'none'. */
  readonly recall: Recall | undefined;
  /** For players that choose by chance. */
  readonly seed: string;
  /** Name and version of this program, for the trace. */
  readonly program: string;
  /** Whose first steps it goes on from, for the trace. */
  readonly branch?: TraceBranch;
}

/** An episode that is ready to be played: its memories are chosen, its opening is written. */
export interface PreparedEpisode {
  readonly setup: EpisodeSetup;
  readonly header: TraceHeader;
  readonly opening: Opening;
}

type PlayableEpisode = Pick<Episode, 'step' | 'won' | 'admissible'>;

export interface EpisodeControl {
  /** Stops within one token; the step that was under way isn't counted. */
  readonly signal?: AbortSignal;
  /** Called with each further piece of the reply that is being written. */
  readonly onText?: (piece: string, step: number) => void;
  /**
   * Steps of an earlier trace of the same episode, or of the one that it branches off from: they are played again at
   * once, without the player, and not yielded.
   */
  readonly continueFrom?: readonly TraceStep[];
  /** The episode of the world, at its start: whoever watches it gives their own. */
  readonly episode?: PlayableEpisode;
}

const NOTHING: Recalled = { scripts: [] };

/** Asks the memory and writes the opening. Refuses what the memory refuses. */
export async function prepareEpisode(setup: EpisodeSetup): Promise<Result<PreparedEpisode>> {
  const { world, game, settings, recall } = setup;
  const reading = await readingOf(setup);
  const allowed = allows(settings.memory);
  const asked = recall !== undefined && (allowed.scripts || allowed.trajectory);
  const recalled = asked
    ? await recall.recall({
        task: toldTask({ task: world.task, ...reading }),
        taskType: game.taskType,
        game: game.key,
        home: game.home,
        k: allowed.scripts ? settings.k : 0,
        scripts: settings.scripts,
        trajectory: allowed.trajectory,
      })
    : ok(NOTHING);
  if (!recalled.ok) return recalled;
  return ok(openWith(setup, recalled.value, asked ? recall.bank : undefined, reading));
}

/** How the player is told the task, where it isn't said as it knows it. */
async function readingOf({ player, world }: EpisodeSetup): Promise<Pick<TraceHeader, 'readAs'>> {
  if (player.knowsTemplates !== true || asTemplate(world.task) === world.task) return {};
  // Its names for things weigh more than the loop, and hardly an episode needs them.
  const { readTask } = await import('../player/read-task.ts');
  const room = new Set(world.receptacles.map(({ name }) => typeOf(name)));
  const read = readTask(world.task, room);
  if (!read.ok) return { readAs: { refusal: read.error } };
  return read.value === world.task ? {} : { readAs: { task: read.value } };
}

/**
 * Prepares an episode with given memories: for 'why', which leaves out one after the other.
 * @param reading how the player was told the task, as an earlier header has it
 */
export function openWith(
  setup: EpisodeSetup,
  { scripts, trajectory, searched }: Recalled,
  bank: string | undefined,
  { readAs }: Pick<TraceHeader, 'readAs'> = {},
): PreparedEpisode {
  const reading = readAs === undefined ? {} : { readAs };
  const { world, game, player, settings, seed, program, branch } = setup;
  const promptMemory = choosePromptMemory(
    settings.memory,
    settings.k,
    scripts.map((one) => one.script),
    trajectory?.trajectory,
  );
  const { intro, task } = world;
  const told = toldIntro({ intro, task, ...reading });
  const opening = openEpisode(told, promptMemory, budgetOf(setup), world.dialect);
  const header: TraceHeader = {
    kind: 'header',
    version: TRACE_VERSION,
    program,
    game,
    intro,
    task,
    ...reading,
    student: player.identity,
    settings: groundedOnlyWhereHeld(settings, player),
    seed,
    memory: {
      scripts: scripts.slice(0, promptMemory.scripts.length),
      dropped: opening.dropped,
      ...(bank === undefined ? {} : { bank }),
      ...(searched === undefined || !allows(settings.memory).scripts ? {} : { searched }),
      ...(trajectory === undefined || promptMemory.trajectory === undefined ? {} : { trajectory }),
    },
    ...(branch === undefined ? {} : { branch }),
  };
  return { setup, header, opening };
}

/** A trace doesn't say of a player that it was held to a rule which it can't be held to. */
function groundedOnlyWhereHeld({ grounded, ...settings }: EpisodeSettings, player: Player): EpisodeSettings {
  return grounded === true && player.holdsReplies === true ? { ...settings, grounded } : settings;
}

function budgetOf({ player, settings }: EpisodeSetup): ContextBudget {
  const limited = player.contextLimit !== undefined && player.countTokens !== undefined;
  return {
    context: player.contextLimit ?? Number.POSITIVE_INFINITY,
    reply: settings.replyTokens,
    turns: settings.turnTokens,
    count: limited ? (messages) => player.countTokens?.(messages) ?? 0 : () => 0,
  };
}

/**
 * The prompt of the turn that follows these turns.
 * @param dropped turns that earlier prompts of the episode left out
 */
export function promptAfter(
  { setup, opening }: PreparedEpisode,
  turns: readonly Turn[],
  dropped = 0,
): Prompt {
  return nextPrompt(opening, turns, budgetOf(setup), setup.settings.history, dropped);
}

/** The episode of a trace as it was opened, or with other memories. */
export function reopenEpisode(
  header: TraceHeader,
  world: World,
  player: Player,
  recalled: Recalled,
): PreparedEpisode {
  const { game, settings, seed, program, memory } = header;
  const setup = { world, game, player, settings, recall: undefined, seed, program };
  return openWith(setup, recalled, memory.bank, header);
}

/**
 * Plays a prepared episode to its end: yields a step after each action, the end last. Never throws on what a player
 * says; a player that can't go on ends it as `failed`.
 */
export function playEpisode(
  prepared: PreparedEpisode,
  conversation: Conversation,
  control: EpisodeControl = {},
): AsyncGenerator<TraceStep | TraceEnd, void, undefined> {
  const { episode = prepared.setup.world.start(), continueFrom = [] } = control;
  return playOn(prepared, conversation, episode, playAgain(prepared, episode, continueFrom), control);
}

/** What was played so far. */
interface Past {
  readonly turns: Turn[];
  readonly played: { action: string; observation: string }[];
  /** Turns that the latest prompt left out. */
  dropped: number;
  ms: number;
  /** Characters that the trace may still have. */
  room: number;
}

function playAgain({ header }: PreparedEpisode, episode: PlayableEpisode, steps: readonly TraceStep[]): Past {
  const room = TRACE_LIMITS.length - END_LENGTH - formatRecord(header).length;
  const past: Past = { turns: [], played: [], dropped: 0, ms: 0, room };
  for (const step of steps) {
    const { reply, action, dropped, counters } = step;
    past.room -= formatRecord(step).length;
    const observation = episode.step(action);
    past.turns.push({ reply, observation });
    past.played.push({ action, observation });
    past.dropped = dropped.turns;
    past.ms += counters.prefillMs + counters.decodeMs;
  }
  return past;
}

async function* playOn(
  prepared: PreparedEpisode,
  conversation: Conversation,
  episode: PlayableEpisode,
  past: Past,
  { signal, onText }: EpisodeControl,
): AsyncGenerator<TraceStep | TraceEnd, void, undefined> {
  const { setup, opening, header } = prepared;
  const { settings } = setup;
  const { searched } = header.memory;
  const intro = toldIntro(header);
  const held = settings.grounded === true && setup.player.holdsReplies === true;
  const told = taskMessage(intro, opening.promptMemory).content;
  const { turns, played } = past;
  const ended = (end: TraceEnd['end'], rest: Pick<TraceEnd, 'refusal'> = {}): TraceEnd => ({
    kind: 'end',
    end,
    steps: turns.length,
    ms: rounded(past.ms),
    ...rest,
  });
  const view: EpisodeView = {
    intro,
    steps: played,
    scripts: opening.promptMemory.scripts,
    ...(searched === undefined ? {} : { searched }),
    admissible: () => episode.admissible(),
  };

  while (!episode.won) {
    const step = turns.length + 1;
    if (step > settings.maxSteps) return yield ended('limit');
    if (signal?.aborted) return yield ended('stopped');
    const prompt = promptAfter(prepared, turns, past.dropped);
    if (!prompt.fits) return yield ended('failed', { refusal: NO_ROOM });
    const reply = await conversation.reply(
      {
        messages: prompt.messages,
        view,
        maxTokens: settings.replyTokens,
        ...(held ? { rule: groundedRule(intro, played, told, searched) } : {}),
      },
      {
        ...(signal === undefined ? {} : { signal }),
        ...(onText === undefined ? {} : { onText: (piece) => onText(piece, step) }),
      },
    );
    if (!reply.ok) return yield ended('failed', { refusal: reply.error });
    if (reply.value.finish === 'aborted') return yield ended('stopped');
    const { text, finish } = kept(reply.value.text, reply.value.finish);
    const counters = plausible(reply.value.counters);
    const { thought, action, outcome } = parseReply(text, finish, settings.replies);
    const observation = episode.step(action);
    turns.push({ reply: text, observation });
    played.push({ action, observation });
    past.dropped = prompt.dropped.turns;
    past.ms += counters.prefillMs + counters.decodeMs;
    const record: TraceStep = {
      kind: 'step',
      step,
      reply: text,
      finish,
      thought,
      action,
      outcome,
      observation,
      won: episode.won,
      dropped: prompt.dropped,
      counters,
    };
    past.room -= formatRecord(record).length;
    if (past.room < 0) {
      turns.pop();
      return yield ended('failed', { refusal: TOO_LONG });
    }
    yield record;
  }
  yield ended('won');
}

const NO_ROOM = {
  code: 'CONTEXT_FULL',
  message: "The task and the latest turn don't fit into the student's context.",
};

/** Room that is left for the last record of a trace, whatever went wrong. */
const END_LENGTH = 500_000;

const TOO_LONG = {
  code: 'TRACE_TOO_LARGE',
  message: `The replies of this episode are longer than a trace can hold (${TRACE_LIMITS.length} characters in all).`,
};

/** A reply as a trace keeps it: what is longer than one can be read again is as if it had been cut off there. */
function kept(text: string, finish: 'stop' | 'length'): { text: string; finish: 'stop' | 'length' } {
  return text.length > TRACE_LIMITS.text
    ? { text: text.slice(0, TRACE_LIMITS.text), finish: 'length' }
    : { text, finish };
}

/** Counts that a server made up are told as far as a trace believes them. */
function plausible({ prefillMs, decodeMs, ...counts }: ReplyCounters): ReplyCounters {
  const within = (value: number, max: number): number => Math.min(max, Math.max(0, value)) || 0;
  const tokens = (value: number): number => Math.round(within(value, TRACE_LIMITS.tokens));
  const { context, prefilled, reused, decoded } = counts;
  return {
    context: tokens(context),
    prefilled: tokens(prefilled),
    reused: tokens(reused),
    decoded: tokens(decoded),
    prefillMs: rounded(within(prefillMs, TRACE_LIMITS.ms)),
    decodeMs: rounded(within(decodeMs, TRACE_LIMITS.ms)),
  };
}

/** To a thousandth of a millisecond: traces stay short, and what is read back is what was written. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
