/**
 * The episodes of this page. An episode goes on while other views are looked at, and is found again under the same
 * setup; a reload offers to go on from its trace.
 */

import type { Trace, TraceEnd, TraceStep } from '../../agent/trace.ts';
import { formatTrace, parseTrace } from '../../agent/trace-file.ts';
import { readOwn } from '../../base/read-json.ts';
import type { Refusal } from '../../base/result.ts';
import type { EpisodePlan } from '../../protocol/agent.ts';
import { report, retire } from '../activities/activities.ts';
import { listener } from '../callbacks.ts';
import { keepInTab, kept, keptKeys } from '../kept.ts';
import { plural, sentence } from '../parts/words.ts';
import { Store } from '../store.ts';
import { AGENT_LOST, agent, onAgentLost } from '../worker-client.ts';
import { type EpisodeAction, type EpisodeState, episodeReducer, IDLE } from './episode-state.ts';
import { liveIn, wasLivedIn } from './home-past.ts';

export type StartPlan = Omit<EpisodePlan, 'continueFrom'>;

/** Episodes that the page remembers; of more, those that are over or not begun are forgotten, the oldest first. */
const REMEMBERED = 12;
const KEPT = 'episode-';
/** What is said of an episode that stands still because nobody could see it. */
export const HELD_UP = 'Paused because this tab was hidden.';

/** What came of keeping a solved episode as a memory. */
export type Learnt = 'no' | 'yes' | Refusal;

export class EpisodeWork {
  /** Which episode of the page it is: the place that shows it, and its plan. */
  readonly id: string;
  readonly plan: StartPlan;
  readonly state = new Store<EpisodeState>(IDLE);
  /** The reply that is being written: apart, since each of its words would otherwise draw the whole view anew. */
  readonly saying = new Store('');
  readonly learnt = new Store<Learnt>('no');
  /** The episode's number once the worker has given it; anything older isn't listened to. */
  #current: { readonly token: object; readonly id: Promise<number | undefined> } | undefined;
  #href: string;
  #learning = false;
  #livedIn = false;
  /** It was given to the memory, or was over before: it isn't given twice. */
  #given = false;
  #restored = false;

  constructor(id: string, plan: StartPlan, href: string) {
    this.id = id;
    this.plan = plan;
    this.#href = href;
    this.state.set({ ...IDLE, steps: this.#before });
  }

  /** Steps of the episode that this one branches off from. */
  get #before(): readonly TraceStep[] {
    return this.plan.from?.steps ?? [];
  }

  /** Nothing of it would be lost by forgetting it. */
  get isOver(): boolean {
    const { phase } = this.state.value;
    return phase === 'idle' || phase === 'ended';
  }

  /** Where it is to be seen, whether it becomes a memory when it is solved, and whether its home has a past. */
  place(href: string, learning: boolean, livedIn: boolean): void {
    this.#href = href;
    this.#learning = learning;
    this.#livedIn = livedIn;
    this.#learn();
  }

  /** Begins the episode if need be, and goes on with this many milliseconds of rest between steps. */
  readonly run = (restMs: number): void => {
    this.#hold(false);
    this.#drive('running', async (id) => {
      await agent().run(id, restMs);
    });
  };
  readonly step = (): void => this.#drive('paused', (id) => agent().step(id));
  readonly pause = (): void => {
    this.#hold(true);
    this.#drive('paused', (id) => agent().pause(id));
  };
  readonly act = (action: string): void => this.#drive('running', (id) => agent().act(id, action));

  /** Ends the episode. One that no worker has any more is over at once. */
  readonly stop = (): void => {
    if (this.#current !== undefined) {
      this.#drive('paused', (id) => agent().stop(id));
      return;
    }
    const { steps } = this.state.value;
    const ms = steps.reduce((sum, { counters }) => sum + counters.prefillMs + counters.decodeMs, 0);
    this.#dispatch({ kind: 'end', end: { kind: 'end', end: 'stopped', steps: steps.length, ms } });
  };

  /** Back to before its first step. */
  readonly reset = (): void => {
    this.leave();
    this.learnt.set('no');
    this.#given = false;
    this.#restored = false;
    this.#dispatch({ kind: 'reset', steps: this.#before });
  };

  /** Takes a person's last step back, unless it won or was another's: the episode goes on from the steps before it. */
  readonly undo = (): void => {
    const { header, steps, end } = this.state.value;
    if (header === undefined || end?.end === 'won' || steps.length <= this.#before.length) return;
    this.leave();
    this.#dispatch({ kind: 'undone' });
    this.run(0);
  };

  /** Ends what the worker has of it. */
  leave(): void {
    const left = this.#current;
    this.#current = undefined;
    void left?.id.then((id) => (id === undefined ? undefined : agent().stop(id)));
  }

  /** Another one was chosen in its place: it stands still, so that nothing plays that nobody asked for. */
  putAside(): void {
    const { phase } = this.state.value;
    if (phase !== 'running' && phase !== 'preparing') return;
    this.#hold(true);
    this.#drive('paused', async (id) => {
      await agent().pause(id);
      this.#dispatch({ kind: 'interrupted', why: 'Paused because another episode was chosen.' });
    });
  }

  /** Takes up what a reload cut off. */
  restore(trace: Trace, goal: EpisodeState['goal']): void {
    this.#given = trace.end !== undefined;
    this.#restored = this.#given;
    this.#dispatch({ kind: 'restored', trace, goal });
  }

  /** Browsers slow a hidden tab down; half an episode at a crawl helps nobody. */
  hidden(): void {
    if (this.state.value.phase !== 'running') return;
    void this.#current?.id.then((id) => {
      if (id === undefined) return;
      void agent().pause(id);
      this.#dispatch({ kind: 'interrupted', why: HELD_UP });
    });
  }

  /** What broke down is started again, and the episode goes on from its steps. */
  recover(what: string): void {
    const { phase, header, steps } = this.state.value;
    if (this.#current === undefined || phase === 'ended') return;
    this.#current = undefined;
    if (header === undefined) {
      this.#dispatch({ kind: 'refused', refusal: AGENT_LOST.error });
      return;
    }
    void this.#begin({ header, steps }).then((id) => {
      if (id === undefined) return;
      this.#dispatch({
        kind: 'interrupted',
        why: `${what} The agent was restarted and can go on where it stopped.`,
      });
    });
  }

  /** Has the student read how the episode opens before it's begun. Undefined where that isn't worth it. */
  readonly readAhead = (): Promise<boolean> | undefined => {
    const { student, source } = this.plan;
    // A home that has no past yet has other memories by the time it's played.
    const changes = this.#livedIn && source.kind === 'home' && !wasLivedIn(source.home);
    // The pocket student reads it in a moment, and web-llm can't read without replying.
    return student === 'smollm2' && !changes ? agent().readAhead({ ...this.plan, student }) : undefined;
  };

  #begin(continueFrom = this.#cutOff()): Promise<number | undefined> {
    if (this.#current !== undefined) return this.#current.id;
    const token = {};
    const listening = (): boolean => this.#current?.token === token;
    const { source } = this.plan;
    const past = this.#livedIn && source.kind === 'home' && !continueFrom ? liveIn(source.home) : undefined;
    const id = Promise.resolve(past)
      .then(() =>
        agent().begin(
          { ...this.plan, ...(continueFrom && { continueFrom }) },
          listener((event) => {
            if (!listening()) return;
            if (event.kind === 'lost') this.recover(`The GPU was lost (${event.reason}).`);
            else if (event.kind === 'text') this.saying.set(this.saying.value + event.piece);
            else this.#dispatch(event);
          }),
        ),
      )
      .then((begun) => {
        if (begun.ok) return begun.value;
        if (listening()) this.#dispatch({ kind: 'refused', refusal: begun.error });
        return undefined;
      });
    this.#current = { token, id };
    return id;
  }

  /** The trace of an episode that a reload cut off. */
  #cutOff(): EpisodePlan['continueFrom'] {
    const { header, steps } = this.state.value;
    return header === undefined ? undefined : { header, steps };
  }

  /** What is pressed while it's being prepared counts at once, not when it's ready. */
  #hold(held: boolean): void {
    if (this.state.value.phase === 'preparing') this.#dispatch({ kind: 'held', held });
  }

  #drive(wanted: 'running' | 'paused', act: (id: number) => Promise<void>): void {
    if (this.state.value.phase === 'idle') this.#dispatch({ kind: 'phase', phase: 'preparing' });
    void this.#begin().then((id) => {
      if (id === undefined || (wanted === 'running' && this.state.value.held)) return;
      this.#dispatch({ kind: 'phase', phase: wanted });
      return act(id);
    });
  }

  #dispatch(action: EpisodeAction): void {
    const before = this.state.value;
    this.state.set(episodeReducer(before, action));
    if (action.kind !== 'phase' && action.kind !== 'begun') this.saying.set('');
    this.#tell();
    // Its phase is not kept.
    if (action.kind !== 'phase') this.#keep();
    if (action.kind === 'end') this.#learn();
  }

  #tell(): void {
    const state = this.state.value;
    const { phase, header, steps, end } = state;
    const by = {
      id: this.id,
      href: this.#href,
      title: header === undefined ? 'An episode' : sentence(header.task),
      episode: {
        memory: this.plan.settings.memory !== 'none',
        ...(end?.end === 'won' && { solvedIn: end.steps }),
      },
    };
    if (phase === 'idle' || end?.end === 'stopped') {
      retire(this.id);
      return;
    }
    if (phase === 'ended') {
      report({ ...by, status: outcome(end), state: 'over' });
      return;
    }
    const done = plural(steps.length, 'step');
    const status = {
      preparing: 'getting ready',
      running: done,
      paused: `${done}, paused`,
      asking: 'your turn',
    };
    const waiting = phase === 'paused' || phase === 'asking';
    report({ ...by, status: status[phase], state: waiting ? 'waiting' : 'running', stop: this.stop });
  }

  #keep(): void {
    const { header, steps, end, goal } = this.state.value;
    const trace = header && formatTrace({ header, steps, end });
    keepInTab(KEPT + this.id, trace && { plan: this.plan, href: this.#href, trace, goal });
  }

  #learn(): void {
    const { header, steps, end } = this.state.value;
    if (!this.#learning || header === undefined || end?.end !== 'won') return;
    // Of an episode from before a reload: it was given then.
    if (this.#restored) this.learnt.set('yes');
    if (this.#given) return;
    this.#given = true;
    void agent()
      .keepMemory(formatTrace({ header, steps, end }))
      .then((remembered) => this.learnt.set(remembered.ok ? 'yes' : remembered.error));
  }
}

function outcome(end: TraceEnd | undefined): string {
  if (end?.end === 'won') return `solved in ${plural(end.steps, 'step')}`;
  return end?.end === 'limit' ? `not solved in ${plural(end.steps, 'step')}` : 'broke off';
}

/** By their ids, the one that was asked for last at the end. */
const works = new Map<string, EpisodeWork>();

/**
 * The episode of this plan at this place of the page, begun or not.
 * @param text the plan as JSON
 */
export function episodeWork(place: string, text: string, href: string): EpisodeWork {
  const id = `${place} ${text}`;
  const work = works.get(id) ?? new EpisodeWork(id, readOwn<StartPlan>(text), href);
  works.delete(id);
  works.set(id, work);
  for (const [key, old] of works) {
    if (works.size <= REMEMBERED) break;
    if (key !== id && old.isOver) forget(old);
  }
  return work;
}

function forget(work: EpisodeWork): void {
  works.delete(work.id);
  keepInTab(KEPT + work.id, undefined);
  retire(work.id);
}

/** Takes up the episodes of before a reload. */
function restoreAll(): void {
  for (const key of keptKeys(KEPT)) {
    const { plan, href, trace: text, goal } = kept(key) as Readonly<Record<string, unknown>>;
    const trace = typeof text === 'string' ? parseTrace(text) : undefined;
    const usable = typeof href === 'string' && href.startsWith('#/') && typeof plan === 'object';
    if (trace?.ok !== true || !usable) {
      keepInTab(key, undefined);
      continue;
    }
    const work = new EpisodeWork(key.slice(KEPT.length), plan as StartPlan, href);
    works.set(work.id, work);
    work.restore(trace.value, Array.isArray(goal) ? goal : undefined);
  }
}

restoreAll();
onAgentLost((reason) => {
  for (const work of works.values()) work.recover(`The agent broke down (${reason}).`);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) for (const work of works.values()) work.hidden();
});
