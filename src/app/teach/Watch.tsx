/** The chore in another home: with the memory of what was shown, and with memory switched off. */
import { useEffect, useRef, useState } from 'react';
import { DEFAULT_SETTINGS } from '../../agent/settings.ts';
import { formatRefusal } from '../../base/result.ts';
import type { OpenedGame, StudentChoice } from '../../protocol/agent.ts';
import { Columns } from '../compare/Columns.tsx';
import { Interruption } from '../compare/Interruption.tsx';
import { PairControls } from '../compare/PairControls.tsx';
import { PairOutcome } from '../compare/PairOutcome.tsx';
import { usePair } from '../compare/pair.ts';
import { PrimaryButton } from '../parts/Button.tsx';
import { canBeRead, StandIns } from '../parts/Reading.tsx';
import { sentence } from '../parts/words.ts';
import type { Pace } from '../play/PaceSelect.tsx';
import { useHomeWith } from './use-home-with.ts';

export interface WatchProps {
  readonly chore: string;
  /** The first home that it may be. */
  readonly from: number;
  readonly student: Exclude<StudentChoice, 'human'>;
}

export function Watch({ chore, from, student }: WatchProps) {
  const [start, setStart] = useState(from);
  const found = useHomeWith(chore, start);
  const heading = useRef<HTMLHeadingElement>(null);
  // The eye follows what was just finished to what comes of it.
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="lesson">
      <h2 id="lesson-3" ref={heading} tabIndex={-1}>
        3. Watch it in another home
      </h2>
      {found === undefined && <p className="quiet">Looking for another home …</p>}
      {found?.game.ok === false && <p className="notice bad">{formatRefusal(found.game.error)}</p>}
      {found?.game.ok && (
        <Both
          key={found.home}
          chore={chore}
          home={found.home}
          game={found.game.value}
          student={student}
          onAnother={() => setStart(found.home + 1)}
        />
      )}
    </div>
  );
}

interface BothProps extends Omit<WatchProps, 'from'> {
  readonly home: number;
  readonly game: OpenedGame;
  readonly onAnother: () => void;
}

function Both({ chore, home, game, student, onAnother }: BothProps) {
  const [pace, setPace] = useState<Pace>('fast');
  const { k, scripts } = DEFAULT_SETTINGS;
  const source = { kind: 'home', home, task: 0, chore } as const;
  const pair = usePair('teach', { source, student, memory: 'memp', k, scripts });
  const { header, steps } = pair.withMemory.state;
  return (
    <>
      <div className="compare-head">
        <p className="show-task">
          <b>{sentence(game.card.task)}</b>
        </p>
        <div className="row">
          {pair.over && <PrimaryButton onClick={onAnother}>Another home</PrimaryButton>}
          <PairControls pair={pair} begin="Watch it" pace={pace} onPace={setPace} />
        </div>
      </div>
      <PairOutcome pair={pair} />
      <Interruption pair={pair} />
      {header !== undefined && canBeRead(header) && steps.length > 0 && (
        <StandIns trace={{ header, steps: steps.slice(0, 1), end: undefined }} step={1} />
      )}
      <Columns titles={['With memory switched off', 'Remembering what you showed']} game={game} pair={pair} />
    </>
  );
}
