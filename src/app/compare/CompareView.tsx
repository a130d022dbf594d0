/** Side by side: the same task by the same student, without memory and with it (the paper's figure 1). */
import { useMemo, useState } from 'react';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import type { TraceEnd } from '../../agent/trace.ts';
import { formatRefusal } from '../../base/result.ts';
import { beliefAfter } from '../../player/belief.ts';
import type { OpenedGame } from '../../protocol/agent.ts';
import { House } from '../house/House.tsx';
import { Conversation } from '../parts/Conversation.tsx';
import { Figures } from '../parts/Figures.tsx';
import { Goal } from '../parts/Goal.tsx';
import { MEMORY_NAMES, plural } from '../parts/words.ts';
import { PACES, type Pace, restOf } from '../play/Controls.tsx';
import { Ending } from '../play/Ending.tsx';
import { HomeMemories } from '../play/HomeMemories.tsx';
import { visitsOf, wantedIn } from '../play/history.ts';
import { Setup } from '../play/Setup.tsx';
import { type EpisodeDriver, useEpisode } from '../play/use-episode.ts';
import { useGame, useTasks } from '../play/use-game.ts';
import { formatRoute, type PlaySetup, parseSetup, setupParams } from '../route.ts';
import { go } from '../use-route.ts';

export function CompareView({ params }: { params: URLSearchParams }) {
  const setup = useMemo(() => {
    const parsed = parseSetup(params);
    // Two people can't be compared at one keyboard, nor nothing with nothing.
    const student = parsed.student === 'human' ? 'scripted' : parsed.student;
    return { ...parsed, student, memory: parsed.memory === 'none' ? 'memp' : parsed.memory } as const;
  }, [params]);
  const { source, student, memory, k, scripts } = setup;
  const game = useGame(source);
  const tasks = useTasks(source);
  const [pace, setPace] = useState<Pace>('fast');
  const settings = { ...DEFAULT_SETTINGS, ...ON_STAGE, k, scripts };
  const href = formatRoute('compare', setupParams(setup));
  const without = useEpisode(
    { name: 'compare without', href },
    { source, student, settings: { ...settings, memory: 'none' }, seed: 0 },
  );
  const withMemory = useEpisode(
    { name: 'compare with', href },
    { source, student, settings: { ...settings, memory }, seed: 0 },
  );
  const both = [without, withMemory];
  const change = (changed: Partial<PlaySetup>): void =>
    go('compare', setupParams({ ...setup, ...changed }), true);
  const phases = both.map(({ state }) => state.phase);
  const over = phases.every((phase) => phase === 'ended');
  const running = phases.some((phase) => phase === 'running' || phase === 'preparing');
  const all = (act: (driver: EpisodeDriver) => void): void => {
    for (const driver of both) if (driver.state.phase !== 'ended') act(driver);
  };
  return (
    <div className="compare">
      <Setup setup={setup} tasks={tasks} current={game?.ok ? game.value.card : undefined} onChange={change} />
      {game !== undefined && !game.ok && <p className="notice bad">{formatRefusal(game.error)}</p>}
      {game?.ok && (
        <>
          <div className="compare-head">
            <h1>{game.value.card.task.replace(/^./, (first) => first.toUpperCase())}</h1>
            <fieldset className="controls">
              <legend className="hidden">Both</legend>
              {over ? (
                <button
                  type="button"
                  className="primary"
                  onClick={() => {
                    for (const driver of both) driver.reset();
                  }}
                >
                  Again
                </button>
              ) : (
                <button
                  type="button"
                  className="primary"
                  onClick={() => all((driver) => (running ? driver.pause() : driver.run(restOf(pace))))}
                >
                  {running ? 'Pause both' : 'Run both'}
                </button>
              )}
              <select
                aria-label="Pace"
                value={pace}
                onChange={(event) => {
                  const chosen = event.target.value as Pace;
                  setPace(chosen);
                  if (running) all((driver) => driver.run(restOf(chosen)));
                }}
              >
                {PACES.map(([name]) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </fieldset>
          </div>
          {source.kind === 'home' && <HomeMemories key={source.home} home={source.home} />}
          <Outcome without={without} withMemory={withMemory} />
          <Interruption drivers={both} />
          <div className="columns">
            <Column title="Without memory" game={game.value} driver={without} />
            <Column title={`With memory: ${MEMORY_NAMES[memory]}`} game={game.value} driver={withMemory} />
          </div>
        </>
      )}
    </div>
  );
}

function Outcome({ without, withMemory }: { without: EpisodeDriver; withMemory: EpisodeDriver }) {
  const [a, b] = [without.state.end, withMemory.state.end];
  if (a === undefined || b === undefined) return null;
  return (
    <p className="notice" role="status">
      Without memory {TOLD[a.end]} {plural(a.steps, 'step')}, with memory {TOLD[b.end]}{' '}
      {plural(b.steps, 'step')}.
    </p>
  );
}

const TOLD: Readonly<Record<TraceEnd['end'], string>> = {
  won: 'solved in',
  limit: 'not solved in',
  stopped: 'stopped after',
  failed: 'broken off after',
};

/** Why both stand still although nobody paused them. */
function Interruption({ drivers }: { drivers: readonly EpisodeDriver[] }) {
  const why = drivers.find(({ state }) => state.interruption !== undefined)?.state.interruption;
  return why === undefined ? null : (
    <p className="notice" role="status">
      {why}
    </p>
  );
}

function Column({ title, game, driver }: { title: string; game: OpenedGame; driver: EpisodeDriver }) {
  const { state } = driver;
  const { intro, card } = game;
  const belief = useMemo(() => beliefAfter(intro, state.steps), [intro, state.steps]);
  const visits = useMemo(() => visitsOf(intro, state.steps), [intro, state.steps]);
  const wanted = useMemo(() => wantedIn(card.task), [card]);
  const used = state.header?.memory.scripts.length ?? 0;
  return (
    <section className="column" aria-label={title}>
      <div className="column-head">
        <h2>{title}</h2>
        <span className="clock">
          {plural(state.steps.length, 'step')}
          {used > 0 && <span className="tag">{plural(used, 'script')}</span>}
        </span>
      </div>
      <Goal goal={state.goal ?? game.goal} />
      <Conversation
        steps={state.steps}
        saying={state.saying}
        label={`Conversation ${title.toLowerCase()}`}
        empty="Nothing said yet."
        {...(state.phase === 'ended' ? { ending: <Ending end={state.end} refusal={state.refusal} /> } : {})}
      />
      <Figures steps={state.steps} />
      <House belief={belief} wanted={wanted} visits={visits} label={`The house, ${title.toLowerCase()}`} />
    </section>
  );
}
