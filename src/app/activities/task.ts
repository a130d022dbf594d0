/** Something that takes a while and tells how far it is. It goes on, and its answer waits, while other views are looked at. */
import { Store, useStore } from '../store.ts';
import { report, retire, useInSight } from './activities.ts';

interface TaskAbout<Progress, Answer> {
  readonly id: string;
  readonly title: string;
  /** Where it is to be seen. */
  readonly href: string;
  /** How far it is. */
  readonly told: (progress: Progress) => string;
  /** How it ended. */
  readonly over: (answer: Answer) => string;
  readonly stop?: () => void;
}

interface TaskState<Progress, Answer> {
  /** Undefined while it isn't under way. */
  readonly progress: Progress | undefined;
  /** Of the last time, until it is begun again or forgotten. */
  readonly answer: Answer | undefined;
}

export class Task<Progress, Answer> {
  readonly about: TaskAbout<Progress, Answer>;
  readonly state = new Store<TaskState<Progress, Answer>>({ progress: undefined, answer: undefined });

  constructor(about: TaskAbout<Progress, Answer>) {
    this.about = about;
  }

  /** Begins it. Where it is under way already, nothing is begun. @param title what is said in place of the task's own */
  async start(
    first: Progress,
    work: (onProgress: (progress: Progress) => void) => Promise<Answer>,
    title = this.about.title,
  ): Promise<Answer | undefined> {
    if (this.state.value.progress !== undefined) return undefined;
    const { id, href, told, over, stop } = this.about;
    const onProgress = (progress: Progress): void => {
      this.state.set({ progress, answer: undefined });
      report({ id, title, href, status: told(progress), state: 'running', ...(stop && { stop }) });
    };
    onProgress(first);
    try {
      const answer = await work(onProgress);
      this.state.set({ progress: undefined, answer });
      report({ id, title, href, status: over(answer), state: 'over' });
      return answer;
    } catch (error) {
      this.state.set({ progress: undefined, answer: undefined });
      retire(id);
      throw error;
    }
  }

  /** Its answer has been read, or is of no use any more. */
  forget(): void {
    this.state.set({ ...this.state.value, answer: undefined });
  }
}

/** The task as the calling view shows it. */
export function useTask<Progress, Answer>(task: Task<Progress, Answer>): TaskState<Progress, Answer> {
  useInSight(task.about.id);
  return useStore(task.state);
}

/** A task for each key, made when it is first asked for. */
export function tasksBy<Progress, Answer>(
  about: (key: string) => TaskAbout<Progress, Answer>,
): (key: string) => Task<Progress, Answer> {
  const made = new Map<string, Task<Progress, Answer>>();
  return (key) => {
    let task = made.get(key);
    if (task === undefined) {
      task = new Task(about(key));
      made.set(key, task);
    }
    return task;
  };
}
