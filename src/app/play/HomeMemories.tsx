/** A home's own memories: how many there are, and two ways to get more: the teacher's tasks, and the student's own. */
import { useEffect, useState } from 'react';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { formatRefusal } from '../../base/result.ts';
import type { LearningProgress } from '../../protocol/agent.ts';
import { plural } from '../parts/words.ts';
import { agent } from '../worker-client.ts';

/** The paper's k: more would hardly be shown. */
const TASKS = 10;

export interface HomeMemoriesProps {
  readonly home: number;
  /** The teacher's memories are there: an episode begun before doesn't know them. */
  readonly onLearnt: () => void;
  /** Whether every solved task becomes a memory, and how that is changed; undefined where nobody plays on. */
  readonly learning?: { readonly on: boolean; readonly change: (on: boolean) => void };
  /** The episode that has just ended. */
  readonly ended?: Trace | undefined;
}

export function HomeMemories({ home, onLearnt, learning, ended }: HomeMemoriesProps) {
  const [count, setCount] = useState<number>();
  const [progress, setProgress] = useState<LearningProgress>();
  const [problem, setProblem] = useState('');
  const [kept, setKept] = useState('');
  useEffect(() => {
    let wanted = true;
    setCount(undefined);
    setProblem('');
    void agent()
      .countHome(home)
      .then((counted) => {
        if (!wanted) return;
        if (counted.ok) setCount(counted.value);
        else setProblem(formatRefusal(counted.error));
      });
    return () => {
      wanted = false;
    };
  }, [home]);
  const learns = learning?.on === true;
  useEffect(() => {
    setKept('');
    if (!learns || ended?.end?.end !== 'won') return;
    let wanted = true;
    void (async () => {
      const remembered = await agent().remember(formatTrace(ended));
      const counted = await agent().countHome(home);
      if (!wanted) return;
      if (!remembered.ok) return setProblem(formatRefusal(remembered.error));
      if (counted.ok) setCount(counted.value);
      setKept('Learnt: the next task can be reminded of this one.');
    })();
    return () => {
      wanted = false;
    };
  }, [learns, ended, home]);
  const learn = async (): Promise<void> => {
    setProgress({ solved: 0, tried: 0 });
    const learnt = await agent().learnHome(home, TASKS, setProgress);
    setProgress(undefined);
    if (!learnt.ok) setProblem(formatRefusal(learnt.error));
    const counted = await agent().countHome(home);
    if (counted.ok) setCount(counted.value);
    onLearnt();
  };
  if (problem !== '') return <p className="notice bad">{problem}</p>;
  if (progress !== undefined) {
    return (
      <p className="home-memories" role="status">
        <progress max={TASKS} value={progress.tried} aria-label="Tasks that the teacher has done" /> The
        teacher does task {Math.min(progress.tried + 1, TASKS)} of {TASKS} in this home …
      </p>
    );
  }
  if (count === undefined) return <p className="quiet home-memories">Looking for memories of this home …</p>;
  return (
    <div className="home-memories">
      <span>
        {count === 0
          ? 'Nobody remembers this home yet.'
          : `${plural(count, 'memory', 'memories')} of this home.`}
      </span>
      {count < TASKS && (
        <button type="button" onClick={() => void learn()}>
          Let the teacher do {TASKS} other tasks here
        </button>
      )}
      {learning !== undefined && (
        <label className="check">
          <input
            type="checkbox"
            checked={learning.on}
            onChange={(event) => learning.change(event.target.checked)}
          />
          Learn from every task that is solved here
        </label>
      )}
      <span role="status" className="quiet">
        {kept}
      </span>
    </div>
  );
}
