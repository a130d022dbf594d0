/** One of two episodes beside each other: its house, what it is saying, and every step below. */
import { lazy, memo, Suspense, useMemo, useState } from 'react';
import type { OpenedGame } from '../../protocol/agent.ts';
import { House } from '../house/House.tsx';
import { useBelief } from '../house/use-belief.ts';
import { ConversationPanel } from '../parts/ConversationPanel.tsx';
import { Ending } from '../parts/Ending.tsx';
import { GoalPanel } from '../parts/GoalPanel.tsx';
import { namedBy } from '../parts/named-by.ts';
import { ReplyFigures } from '../parts/ReplyFigures.tsx';
import { wantedIn } from '../parts/wanted.ts';
import { inSentence, plural } from '../parts/words.ts';
import type { EpisodeState } from '../play/episode-state.ts';
import type { EpisodeDriver } from '../play/use-episode.ts';

// Nobody shares before the end: its code needn't be there for the first picture.
const Share = lazy(async () => ({ default: (await import('../replay/SharePanel.tsx')).SharePanel }));

interface ColumnProps {
  readonly title: string;
  readonly game: OpenedGame;
  readonly state: EpisodeState;
  /** The reply that is being written. */
  readonly saying: EpisodeDriver['saying'];
}

/** Not drawn anew for what happens in the other one. */
export const Column = memo(function Column({ title, game, state, saying }: ColumnProps) {
  const { intro, card } = game;
  const belief = useBelief(intro, state.steps);
  const wanted = useMemo(() => wantedIn(card.ownTask ?? card.task), [card]);
  const [open, setOpen] = useState(() => window.matchMedia('(min-width: 901px)').matches);
  const { header, steps, end } = state;
  const trace = useMemo(
    () => (header === undefined || end === undefined ? undefined : { header, steps, end }),
    [header, steps, end],
  );
  const used = state.header?.memory.scripts.length ?? 0;
  return (
    <section className="column" aria-label={title}>
      <div className="column-head">
        <h2>{title}</h2>
        <span className="clock">
          {used > 0 && (
            <span className="tag">reads {plural(used, 'nearest memory', 'nearest memories')}</span>
          )}
          {plural(state.steps.length, 'step')}
        </span>
      </div>
      <House belief={belief} wanted={wanted} label={`The house, ${title.toLowerCase()}`} />
      <Now state={state} />
      <details className="every-step" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Every step {inSentence(title)}</summary>
        <GoalPanel goal={state.goal ?? game.goal} />
        <ConversationPanel
          steps={state.steps}
          saying={saying}
          label={`Conversation ${title.toLowerCase()}`}
          empty="Nothing said yet."
          {...(state.phase === 'ended' ? { ending: <Ending end={state.end} refusal={state.refusal} /> } : {})}
        />
        <ReplyFigures steps={state.steps} />
        {trace !== undefined && (
          <Suspense fallback={null}>
            <Share trace={trace} replayable={true} />
          </Suspense>
        )}
      </details>
    </section>
  );
});

/** What it thinks and does at the moment: two lines that never grow. */
function Now({ state: { header, steps, phase, end, refusal } }: { state: EpisodeState }) {
  const last = steps.at(-1);
  const naming = useMemo(() => namedBy(header?.memory, last?.action), [header, last]);
  if (phase === 'ended' && (refusal !== undefined || end?.end !== 'won')) {
    return (
      <div className="now">
        <Ending end={end} refusal={refusal} />
      </div>
    );
  }
  return (
    <div className="now">
      <p className="thought">{last === undefined ? WAITING[phase] : last.thought}</p>
      <p className="action">
        {last?.action}
        {naming !== undefined && <span className="tag">remembered</span>}
      </p>
    </div>
  );
}

const WAITING: Readonly<Partial<Record<EpisodeState['phase'], string>>> = {
  idle: '',
  preparing: 'Getting ready …',
  running: 'Looking around …',
};
