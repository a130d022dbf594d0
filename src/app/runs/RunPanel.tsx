/** One run: how far it is, what can be done with it, and what came of it. */
import type { RunRecord } from '../../protocol/data.ts';
import { deleteKept } from '../activities/undo.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { toldHow } from '../parts/TellingFields.tsx';
import { playerName, plural, quoted } from '../parts/words.ts';
import { data } from '../worker-client.ts';
import { gamesLeft } from './play-run.ts';
import { memoryOf, whenOf } from './RunList.tsx';
import { RunTable } from './RunTable.tsx';
import { type Playing, playHere, setProblem, stopRun } from './run-work.ts';

export function RunPanel({ run, playing }: { run: RunRecord; playing: Playing | undefined }) {
  const { title, games, results, settings, seed, telling } = run;
  const isPlayed = playing?.id === run.id;
  return (
    <section className="panel run" aria-label={title}>
      <h2>{title}</h2>
      <p className="quiet">
        {playerName(run.student, settings)}, {memoryOf(run)}, {settings.maxSteps} steps at most, begun{' '}
        {whenOf(run)}
        {seed === undefined ? '' : `, games drawn with seed ${seed}`}
        {telling === undefined ? '' : `, ${toldHow(telling)}`}.
      </p>
      <p className="row" role="status">
        {results.length < games.length && (
          <progress max={games.length} value={results.length} aria-label="Games played" />
        )}
        {results.length} of {plural(games.length, 'game')}
        {isPlayed && <Left run={run} playing={playing} />}
        {isPlayed ? (
          <Button onClick={stopRun}>Stop</Button>
        ) : (
          gamesLeft(run).length > 0 && (
            <Button disabled={playing !== undefined} onClick={() => void playHere(run)}>
              Resume
            </Button>
          )
        )}
        {!isPlayed && <LinkButton onClick={() => void deleteRun(run)}>Delete</LinkButton>}
      </p>
      {results.length > 0 && <RunTable run={run} />}
    </section>
  );
}

async function deleteRun({ id, title, shipped }: RunRecord): Promise<void> {
  const deleting = shipped === true ? data().hideSample(id) : data().deleteRun(id);
  setProblem(await deleteKept(`the run ${quoted(title)}`, deleting));
}

function Left({ run, playing }: { run: RunRecord; playing: Playing }) {
  const done = run.results.length - playing.before;
  if (done === 0) return null;
  const each = (performance.now() - playing.since) / done;
  const left = (each * (run.games.length - run.results.length)) / 1000;
  return (
    <span>about {left < 60 ? `${Math.ceil(left)}\u00a0s` : `${Math.ceil(left / 60)}\u00a0min`} left</span>
  );
}
