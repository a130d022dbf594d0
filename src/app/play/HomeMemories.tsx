/** A home's own memories: how many there are, and two ways to get more: the teacher's tasks, and the student's own. */
import { useState } from 'react';
import { formatRefusal, type Result } from '../../base/result.ts';
import { PAST_TASKS as TASKS } from '../../homes/page-homes.ts';
import { useTask } from '../activities/task.ts';
import { Button } from '../parts/Button.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural } from '../parts/words.ts';
import { isLivedIn, type PlaySetup } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { agent } from '../worker-client.ts';
import type { Learnt } from './episode-work.ts';
import { learn, learning, wasLivedIn } from './home-past.ts';

const NEVER = new Store<Learnt>('no');

interface HomeMemoriesProps {
  readonly home: number;
  /** Whether the home gets its past when an episode begins, and how that is changed; undefined where it gets none. */
  readonly past?: { readonly on: boolean; readonly change: (on: boolean) => void };
  /** Whether every solved task becomes a memory, and how that is changed; undefined where nobody plays on. */
  readonly learning?: { readonly on: boolean; readonly change: (on: boolean) => void };
  /** What came of the episode that is shown. */
  readonly learnt?: Store<Learnt>;
}

/** What the setup says of the home's past. */
export function pastOf(
  setup: PlaySetup,
  change: (changed: Partial<PlaySetup>) => void,
): Pick<HomeMemoriesProps, 'past'> {
  if (setup.source.kind === 'home' && setup.source.chore !== undefined) return {};
  return {
    past: { on: isLivedIn(setup), change: (on) => change({ past: on ? undefined : 'none' }) },
  };
}

export function HomeMemories({ home, past, learning: own, learnt = NEVER }: HomeMemoriesProps) {
  const [count, setCount] = useState<Result<number>>();
  const task = learning(String(home));
  const { progress, answer } = useTask(task);
  const kept = useStore(learnt);
  const underWay = progress !== undefined;
  useTaken([home, underWay, kept], () => agent().countHome(home), setCount);
  const refusal = answer?.ok === false ? answer.error : typeof kept === 'object' ? kept : undefined;
  if (progress !== undefined) {
    return (
      <p className="home-memories" role="status">
        <progress max={TASKS} value={progress.tried} aria-label="Tasks that the teacher has done" /> The
        teacher does task {Math.min(progress.tried + 1, TASKS)} of {TASKS} in this home …{' '}
        <Button onClick={task.about.stop}>Stop</Button>
      </p>
    );
  }
  if (count === undefined) return <p className="quiet home-memories">Looking for memories of this home …</p>;
  if (!count.ok) return <p className="notice bad">{formatRefusal(count.error)}</p>;
  return (
    <div className="home-memories">
      {refusal !== undefined && <p className="notice bad">{formatRefusal(refusal)}</p>}
      <span>
        {count.value > 0
          ? `${wasLivedIn(home) ? `It has lived here for ${TASKS} tasks: ` : ''}${plural(count.value, 'memory', 'memories')} of this home.`
          : past?.on === true && !wasLivedIn(home)
            ? `It will have lived here for ${TASKS} tasks when it starts: the teacher does them first.`
            : 'Nobody remembers this home yet.'}
      </span>
      {past !== undefined && count.value === 0 && !wasLivedIn(home) && (
        <label className="check">
          <input type="checkbox" checked={past.on} onChange={(event) => past.change(event.target.checked)} />
          Lived in
        </label>
      )}
      {(past?.on === true ? count.value === 0 && wasLivedIn(home) : count.value < TASKS) && (
        <Button onClick={() => void learn(home)}>Let the teacher do {TASKS} other tasks here</Button>
      )}
      {own !== undefined && (
        <label className="check">
          <input type="checkbox" checked={own.on} onChange={(event) => own.change(event.target.checked)} />
          Learn from every task solved here
        </label>
      )}
      <span role="status" className="quiet">
        {kept === 'yes' && 'Learnt: the next task can use it.'}
      </span>
    </div>
  );
}
