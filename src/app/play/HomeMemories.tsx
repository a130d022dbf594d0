/** A home's own memories: how many there are, and a way to let the teacher make some. */
import { useEffect, useState } from 'react';
import type { LearningProgress } from '../../../workers/protocol.ts';
import { formatRefusal } from '../../engine/result.ts';
import { plural } from '../parts/words.ts';
import { agent } from '../worker-client.ts';

/** The paper's k: more would hardly be shown. */
const TASKS = 10;

export function HomeMemories({ home, onLearnt }: { home: number; onLearnt: () => void }) {
  const [count, setCount] = useState<number>();
  const [progress, setProgress] = useState<LearningProgress>();
  const [problem, setProblem] = useState('');
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
    <p className="home-memories">
      {count === 0
        ? 'Nobody remembers this home yet.'
        : `${plural(count, 'memory', 'memories')} of this home.`}{' '}
      {count < TASKS && (
        <button type="button" onClick={() => void learn()}>
          Let the teacher do {TASKS} other tasks here
        </button>
      )}
    </p>
  );
}
