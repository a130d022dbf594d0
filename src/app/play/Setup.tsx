/** The choice of the game, and a drawer with everything else. Every change goes into the address. */
import { useId, useState } from 'react';
import { MEMORY_CONFIGURATIONS } from '../../agent/prompt.ts';
import type { Telling } from '../../engine/import/index.ts';
import type { GameCard, OpenedGame } from '../../protocol/agent.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { NumberField } from '../parts/NumberField.tsx';
import { SelectField } from '../parts/SelectField.tsx';
import { StudentFields } from '../parts/StudentFields.tsx';
import { TellingFields, tellingFrom } from '../parts/TellingFields.tsx';
import { inSentence, MEMORY_NAMES, STUDENT_NAMES, STUDENT_NOTES, sentence } from '../parts/words.ts';
import {
  FIRST_SOURCE,
  formatRoute,
  LAST_HOME,
  type PlaySetup,
  STUDENT_CHOICES,
  setupParams,
  UNATTENDED_CHOICES,
} from '../route.ts';
import { keepSetting, readSetting } from '../settings.ts';
import { ImportedFields } from './ImportedFields.tsx';
import { OwnWords } from './OwnWords.tsx';

const REMEMBERING = MEMORY_CONFIGURATIONS.filter((one) => one !== 'none');

/** Whether the drawer was left open. */
const OPEN = 'duomem-settings';

interface SetupProps {
  readonly setup: PlaySetup;
  /** The tasks of the home; the current one is always listed. */
  readonly tasks: readonly GameCard[];
  readonly current: OpenedGame | undefined;
  readonly onChange: (change: Partial<PlaySetup>) => void;
  /** Played without memory and with it, both at once: by a student, and with one that has something in it. */
  readonly pair?: boolean;
}

export function Setup({ setup, tasks, current, onChange, pair = false }: SetupProps) {
  const { source, student, memory } = setup;
  const card = current?.card;
  const note = useId();
  const [open, setOpen] = useState(() => readSetting(OPEN) === 'yes');
  const [importedOpen, setImportedOpen] = useState(false);
  const telling: Telling = source.kind === 'imported' ? source : {};
  const choose = (key: string): void =>
    onChange({ source: { ...tellingFrom(telling), kind: 'imported', key } });
  return (
    <div className="setup-bar">
      <div className="setup">
        {source.kind === 'home' && (
          <HomeFields source={source} tasks={withCurrent(tasks, card)} onChange={onChange} />
        )}
        {source.kind === 'imported' && (
          <>
            <ImportedFields game={source.key} current={card} onChoose={choose} />
            <TellingFields
              student={setup.student}
              telling={telling}
              onChange={(told) => onChange({ source: { kind: 'imported', key: source.key, ...told } })}
            />
          </>
        )}
      </div>
      {current !== undefined && (source.kind === 'imported' || source.chore === undefined) && (
        <OwnWords
          key={current.card.key}
          game={current}
          student={student}
          words={source.words}
          onAsk={(words) => {
            const { words: _, ...plain } = source;
            onChange({ source: words === undefined ? plain : { ...plain, words } });
          }}
        />
      )}
      <details
        className="setup-fold"
        open={open}
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
          keepSetting(OPEN, event.currentTarget.open ? 'yes' : 'no');
        }}
      >
        <summary>
          Settings
          <span className="quiet">
            : {inSentence(STUDENT_NAMES[student])}, {inSentence(MEMORY_NAMES[memory])}
          </span>
        </summary>
        <div className="setup">
          <StudentFields
            setup={setup}
            students={pair ? UNATTENDED_CHOICES : STUDENT_CHOICES}
            memories={pair ? REMEMBERING : MEMORY_CONFIGURATIONS}
            adapters={true}
            onChange={onChange}
            note={note}
          />
          <p className="quiet setup-note" id={note}>
            {STUDENT_NOTES[student]}
          </p>
        </div>
        {source.kind === 'home' ? (
          <details
            className="more-game"
            open={importedOpen}
            onToggle={(event) => setImportedOpen(event.currentTarget.open)}
          >
            <summary>An imported game</summary>
            {importedOpen && (
              <div className="setup">
                <ImportedFields game={undefined} current={undefined} onChoose={choose} />
              </div>
            )}
          </details>
        ) : (
          <p>
            <LinkButton onClick={() => onChange({ source: FIRST_SOURCE })}>
              Back to the homes of this page
            </LinkButton>
          </p>
        )}
      </details>
      {source.kind === 'home' && source.chore !== undefined && (
        <p>
          A chore of your own: <a href={formatRoute('teach', setupParams(setup))}>teach it</a>, or go{' '}
          <a
            href={formatRoute(
              'play',
              setupParams({ ...setup, source: { kind: 'home', home: source.home, task: 0 } }),
            )}
          >
            back to the home's own tasks
          </a>
          .
        </p>
      )}
    </div>
  );
}

interface HomeFieldsProps extends Pick<SetupProps, 'tasks' | 'onChange'> {
  readonly source: Extract<PlaySetup['source'], { kind: 'home' }>;
}

function HomeFields({ source, tasks, onChange }: HomeFieldsProps) {
  const open = (home: number): void => onChange({ source: { ...source, home, task: 0 } });
  return (
    <>
      <NumberField
        label="Home"
        min={0}
        max={LAST_HOME}
        value={source.home}
        onChange={open}
        sides={[
          <Button
            key="before"
            aria-label="Home before"
            disabled={source.home === 0}
            onClick={() => open(source.home - 1)}
          >
            −
          </Button>,
          <Button
            key="after"
            aria-label="Home after"
            disabled={source.home === LAST_HOME}
            onClick={() => open(source.home + 1)}
          >
            +
          </Button>,
        ]}
      />
      <SelectField
        label="Task"
        className="task-field"
        value={source.task}
        options={tasks.map(
          ({ source: at, room, task }) =>
            [
              at.kind === 'home' ? at.task : 0,
              `${room === undefined ? '' : `${room}: `}${sentence(task)}`,
            ] as const,
        )}
        onChange={(task) => onChange({ source: { ...source, task } })}
      />
    </>
  );
}

function withCurrent(tasks: readonly GameCard[], current: GameCard | undefined): readonly GameCard[] {
  if (current === undefined || tasks.some((card) => card.key === current.key)) return tasks;
  return [...tasks, current];
}
