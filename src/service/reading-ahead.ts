/**
 * Reading ahead: a language model takes seconds to read a room and its memories, and whoever looks at a game is likely
 * to play it. What was read waits in a conversation for the next episode of that student's, whichever that is: a reply
 * depends on its messages alone, and takes of what was read what it can use.
 */
import type { Message } from '../agent/prompt.ts';
import type { Conversation, Student } from '../students/student.ts';

export class ReadingAhead {
  #held: { readonly student: Student; readonly conversation: Conversation } | undefined;
  #stopping = new AbortController();

  /** Ends what is being read. @returns aborted when the next one is asked for, or an episode begins */
  anew(): AbortSignal {
    this.stop();
    this.#stopping = new AbortController();
    return this.#stopping.signal;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** @returns whether all of it was read */
  async read(student: Student, messages: readonly Message[], signal: AbortSignal): Promise<boolean> {
    if (this.#held?.student !== student) {
      this.#drop();
      this.#held = { student, conversation: student.open() };
    }
    const { conversation } = this.#held;
    return (await conversation.read?.(messages, { signal })) ?? false;
  }

  /** Hands over the conversation that has read, to an episode of the same student's; of another's it's freed. */
  take(student: Student): Conversation | undefined {
    this.stop();
    if (this.#held?.student !== student) {
      this.#drop();
      return undefined;
    }
    const { conversation } = this.#held;
    this.#held = undefined;
    return conversation;
  }

  #drop(): void {
    void this.#held?.conversation.dispose();
    this.#held = undefined;
  }
}
