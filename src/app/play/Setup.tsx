/** The choice of game, player and memory. Every change goes into the address. */
import { useId, useState } from 'react';
import type { GameCard } from '../../../workers/protocol.ts';
import { allows, MEMORY_CONFIGURATIONS } from '../../agent/prompt.ts';
import { Field } from '../parts/Field.tsx';
import { MEMORY_NAMES, STUDENT_NAMES, STUDENT_NOTES, sentence } from '../parts/words.ts';
import { MAX_K, type PlaySetup, STUDENT_CHOICES } from '../route.ts';

export interface SetupProps {
  readonly setup: PlaySetup;
  /** The tasks of the home; the current one is always listed. */
  readonly tasks: readonly GameCard[];
  readonly current: GameCard | undefined;
  readonly onChange: (change: Partial<PlaySetup>) => void;
}

export function Setup({ setup, tasks, current, onChange }: SetupProps) {
  const { source, student, memory, k, scripts } = setup;
  const note = useId();
  const allowed = allows(memory);
  const [open, setOpen] = useState(() => window.matchMedia('(min-width: 641px)').matches);
  const where = source.kind === 'home' ? `Home ${source.home}` : 'Imported game';
  return (
    <details className="setup-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {where}, {STUDENT_NAMES[student]}, {MEMORY_NAMES[memory]}
      </summary>
      <div className="setup">
        {source.kind === 'home' && (
          <>
            <Field label="Home">
              {(id) => (
                <span className="stepper">
                  <button
                    type="button"
                    aria-label="Home before"
                    disabled={source.home === 0}
                    onClick={() => onChange({ source: { kind: 'home', home: source.home - 1, task: 0 } })}
                  >
                    −
                  </button>
                  <input
                    id={id}
                    type="number"
                    min={0}
                    max={1000000}
                    value={source.home}
                    onChange={(event) => {
                      const home = event.target.valueAsNumber;
                      if (Number.isInteger(home) && home >= 0 && home <= 1_000_000) {
                        onChange({ source: { kind: 'home', home, task: 0 } });
                      }
                    }}
                  />
                  <button
                    type="button"
                    aria-label="Home after"
                    onClick={() => onChange({ source: { kind: 'home', home: source.home + 1, task: 0 } })}
                  >
                    +
                  </button>
                </span>
              )}
            </Field>
            <Field label="Task" className="task-">
              {(id) => (
                <select
                  id={id}
                  value={source.task}
                  onChange={(event) =>
                    onChange({
                      source: { kind: 'home', home: source.home, task: Number(event.target.value) },
                    })
                  }
                >
                  {withCurrent(tasks, current).map((card) => (
                    <option key={card.key} value={card.source.kind === 'home' ? card.source.task : 0}>
                      {card.room === undefined ? '' : `${card.room}: `}
                      {sentence(card.task)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </>
        )}
        <Field label="Who plays">
          {(id) => (
            <select
              id={id}
              value={student}
              aria-describedby={note}
              onChange={(event) => onChange({ student: event.target.value as PlaySetup['student'] })}
            >
              {STUDENT_CHOICES.map((choice) => (
                <option key={choice} value={choice}>
                  {STUDENT_NAMES[choice]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Memory">
          {(id) => (
            <select
              id={id}
              value={memory}
              onChange={(event) => onChange({ memory: event.target.value as PlaySetup['memory'] })}
            >
              {MEMORY_CONFIGURATIONS.map((configuration) => (
                <option key={configuration} value={configuration}>
                  {MEMORY_NAMES[configuration]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {allowed.scripts && (
          <>
            <Field label="Scripts (k)">
              {(id) => (
                <input
                  id={id}
                  type="number"
                  min={1}
                  max={MAX_K}
                  value={k}
                  onChange={(event) => {
                    const value = event.target.valueAsNumber;
                    if (Number.isInteger(value) && value >= 1 && value <= MAX_K) onChange({ k: value });
                  }}
                />
              )}
            </Field>
            <Field label="Written by">
              {(id) => (
                <select
                  id={id}
                  value={scripts}
                  onChange={(event) => onChange({ scripts: event.target.value as PlaySetup['scripts'] })}
                >
                  <option value="teacher">the teacher</option>
                  <option value="student">the student</option>
                </select>
              )}
            </Field>
          </>
        )}
        <p className="quiet setup-note" id={note}>
          {STUDENT_NOTES[student]}
        </p>
      </div>
    </details>
  );
}

function withCurrent(tasks: readonly GameCard[], current: GameCard | undefined): readonly GameCard[] {
  if (current === undefined || tasks.some((card) => card.key === current.key)) return tasks;
  return [...tasks, current];
}
