/**
 * One episode under way in the worker: plays it step by step as the page's buttons say, and tells the page what
 * happened. The page may run it, pause it, take single steps and stop it at any time.
 */

import { type PreparedEpisode, playEpisode } from '../agent/episode.ts';
import type { TraceStep } from '../agent/trace.ts';
import { messageOf } from '../base/result.ts';
import type { SeenCondition } from '../engine/index.ts';
import { WatchedEpisode } from '../player/seen-goal.ts';
import type { EpisodeListener } from '../protocol/agent.ts';
import type { Conversation, Student } from '../students/student.ts';

interface RunnerOptions {
  readonly listen: EpisodeListener;
  readonly continueFrom?: readonly TraceStep[];
  /** A conversation of the student's that may have read ahead; without it, a new one. */
  readonly conversation?: Conversation | undefined;
  /** Called once, when nothing more will happen. */
  readonly onEnd: () => void;
}

/** Milliseconds between two tellings of a reply that is being written: each makes the page draw itself anew. */
const TELLING_MS = 80;

export class Runner {
  readonly #prepared: PreparedEpisode;
  readonly #options: RunnerOptions;
  readonly #stopping = new AbortController();
  readonly #conversation: Conversation;
  readonly #episode: WatchedEpisode;
  readonly #records: ReturnType<typeof playEpisode>;
  /** Milliseconds of rest after a step; undefined while it stands still. */
  #rest: number | undefined;
  /** Single steps that may be taken. */
  #credit = 0;
  #wake: (() => void) | undefined;
  /** What was written of a reply and isn't told yet. */
  #written = '';
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(prepared: PreparedEpisode, student: Student, options: RunnerOptions) {
    this.#prepared = prepared;
    this.#options = options;
    const { continueFrom, conversation } = options;
    this.#conversation = conversation ?? student.open({ seed: prepared.header.seed });
    this.#episode = new WatchedEpisode(prepared.setup.world);
    this.#records = playEpisode(prepared, this.#conversation, {
      episode: this.#episode,
      signal: this.#stopping.signal,
      onText: (piece) => this.#write(piece),
      ...(continueFrom === undefined ? {} : { continueFrom }),
    });
  }

  /** The goal's conditions as far as they were seen. */
  goal(): readonly SeenCondition[] {
    return this.#episode.goal();
  }

  run(restMs: number): void {
    this.#rest = restMs;
    this.#wake?.();
  }

  step(): void {
    this.#rest = undefined;
    this.#credit = 1;
    this.#wake?.();
  }

  pause(): void {
    this.#rest = undefined;
    this.#credit = 0;
    this.#wake?.();
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake?.();
  }

  /** Plays to the end. Called once; never rejects. */
  async play(): Promise<void> {
    const { listen, onEnd } = this.#options;
    try {
      for (;;) {
        await this.#permission();
        const { value: record, done } = await this.#records.next();
        // The whole reply is told now.
        this.#forget();
        if (done) break;
        if (record.kind === 'end') {
          listen({ kind: 'end', end: record });
          break;
        }
        listen({ kind: 'step', step: record, goal: this.goal() });
        // The end of an episode that is over comes at once, also when it stands still.
        if (record.won || record.step >= this.#prepared.setup.settings.maxSteps) this.#credit = 1;
        else if (this.#rest !== undefined && this.#rest > 0) await this.#sleep(this.#rest);
      }
    } catch (error) {
      const message = messageOf(error);
      listen({
        kind: 'refused',
        refusal: { code: 'EPISODE_FAILED', message: `The episode broke off: ${message}` },
      });
    } finally {
      this.#forget();
      await this.#conversation.dispose();
      onEnd();
    }
  }

  #write(piece: string): void {
    this.#written += piece;
    this.#telling ??= setTimeout(() => {
      const told = this.#written;
      this.#forget();
      this.#options.listen({ kind: 'text', piece: told });
    }, TELLING_MS);
  }

  #forget(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#written = '';
  }

  async #permission(): Promise<void> {
    while (this.#rest === undefined && this.#credit === 0 && !this.#stopping.signal.aborted) {
      await this.#sleep(undefined);
    }
    this.#credit = 0;
  }

  /** Until the time is over or a button is pressed. */
  #sleep(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
