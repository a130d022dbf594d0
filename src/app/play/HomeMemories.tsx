/** A home's own memories: how many there are, and two ways to get more: the teacher's tasks, and the student's own. */
import { useEffect, useState } from 'react';
import { formatRefusal, type Refusal, type Result } from '../../base/result.ts';
import type { LearningProgress } from '../../protocol/agent.ts';
import { tasksBy, useTask } from '../activities/task.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { agent } from '../worker-client.ts';
import type { Learnt } from './episode-work.ts';

/** The paper's k: more would hardly be shown. */
const TASKS = 10;

const NEVER = new Store<Learnt>('no');

const learning = tasksBy<LearningProgress, Result<LearningProgress>>((home) => ({
  id: `learn ${home}`,
  title: `The teacher in home ${home}`,
  href: formatRoute('play', { home, task: '0', memory: 'memp' }),
  told: ({ tried }) => `task ${Math.min(tried + 1, TASKS)} of ${TASKS}`,
  over: (learnt) =>
    learnt.ok ? `${plural(learnt.value.solved, 'task')} learnt` : formatRefusal(learnt.error),
}));

export interface HomeMemoriesProps {
  readonly home: number;
  /** Whether every solved task becomes a memory, and how that is changed; undefined where nobody plays on. */
  readonly learning?: { readonly on: boolean; readonly change: (on: boolean) => void };
  /** What came of the episode that is shown. */
  readonly learnt?: Store<Learnt>;
}

export function HomeMemories({ home, learning: own, learnt = NEVER }: HomeMemoriesProps) {
  const [count, setCount] = useState<number>();
  const [problem, setProblem] = useState<Refusal>();
  const task = learning(String(home));
  const { progress, answer } = useTask(task);
  const kept = useStore(learnt);
  const underWay = progress !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the number changes with
  useEffect(() => {
    let wanted = true;
    setProblem(undefined);
    void agent()
      .countHome(home)
      .then((counted) => {
        if (!wanted) return;
        if (counted.ok) setCount(counted.value);
        else setProblem(counted.error);
      });
    return () => {
      wanted = false;
    };
  }, [home, underWay, kept]);
  const learn = (): void => {
    void task.start({ solved: 0, tried: 0 }, (onProgress) => agent().learnHome(home, TASKS, onProgress));
  };
  const refusal = answer?.ok === false ? answer.error : typeof kept === 'object' ? kept : undefined;
  if (progress !== undefined) {
    return (
      <p className="home-memories" role="status">
        <progress max={TASKS} value={progress.tried} aria-label="Tasks that the teacher has done" /> The
        teacher does task {Math.min(progress.tried + 1, TASKS)} of {TASKS} in this home …
      </p>
    );
  }
  if (problem !== undefined) return <p className="notice bad">{formatRefusal(problem)}</p>;
  if (count === undefined) return <p className="quiet home-memories">Looking for memories of this home …</p>;
  return (
    <div className="home-memories">
      {refusal !== undefined && <p className="notice bad">{formatRefusal(refusal)}</p>}
      <span>
        {count === 0
          ? 'Nobody remembers this home yet.'
          : `${plural(count, 'memory', 'memories')} of this home.`}
      </span>
      {count < TASKS && (
        <button type="button" onClick={learn}>
          Let the teacher do {TASKS} other tasks here
        </button>
      )}
      {own !== undefined && (
        <label className="check">
          <input type="checkbox" checked={own.on} onChange={(event) => own.change(event.target.checked)} />
          Learn from every task that is solved here
        </label>
      )}
      <span role="status" className="quiet">
        {kept === 'yes' && 'Learnt: the next task can be reminded of this one.'}
      </span>
    </div>
  );
}
