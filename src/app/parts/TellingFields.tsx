/** How imported games are told: the dialect of which of ALFWorld's releases, and whose words for the task. */
import type { Telling } from '../../engine/import/index.ts';
import type { StudentChoice } from '../../protocol/agent.ts';
import { Field } from './Field.tsx';
import { studentName } from './words.ts';

const DIALECT_NAMES = {
  move: 'move … to (ALFWorld 0.4 and later)',
  put: 'put … in/on (before 0.4)',
} as const;
const DIALECTS = ['move', 'put'] as const;

/** Students of this project learnt the commands of one dialect and the templates' sentences. */
const TRAINED: readonly StudentChoice[] = ['pocket', 'smollm2'];

export interface TellingFieldsProps {
  readonly student: StudentChoice;
  readonly telling: Telling;
  readonly onChange: (telling: Telling) => void;
}

export function TellingFields({ student, telling, onChange }: TellingFieldsProps) {
  const { dialect, goals } = telling;
  return (
    <>
      <Field label="Commands">
        {(id) => (
          <select
            id={id}
            value={dialect ?? ''}
            onChange={(event) => {
              const chosen = DIALECTS.find((one) => one === event.target.value);
              onChange(tellingFrom({ ...(chosen && { dialect: chosen }), ...(goals && { goals }) }));
            }}
          >
            <option value="">as the file says</option>
            {DIALECTS.map((one) => (
              <option key={one} value={one}>
                {DIALECT_NAMES[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Words of the task">
        {(id) => (
          <select
            id={id}
            value={goals ?? ''}
            onChange={(event) =>
              onChange({
                ...(dialect && { dialect }),
                ...(event.target.value === 'human' && { goals: 'human' as const }),
              })
            }
          >
            <option value="">the game's own</option>
            <option value="human">people's (ALFRED's annotators)</option>
          </select>
        )}
      </Field>
      {TRAINED.includes(student) && dialect === 'put' && (
        <p className="quiet">
          Training taught {studentName(student)} “move … to”: with “put … in/on” it solves hardly any task.
        </p>
      )}
      {student === 'pocket' && goals === 'human' && (
        <p className="quiet">
          It knows the templates' sentences alone: what it understands of people's words it is told as one.
        </p>
      )}
    </>
  );
}

/** What of a source or a header says how a game is told. */
export function tellingFrom({ dialect, goals }: Telling): Telling {
  return { ...(dialect && { dialect }), ...(goals && { goals }) };
}

/** `told with “put … in/on”, in people's words`; empty where nothing was chosen. */
export function toldHow({ dialect, goals }: Telling): string {
  return [
    ...(dialect ? [`commands as in ${DIALECT_NAMES[dialect]}`] : []),
    ...(goals ? ["tasks in people's words"] : []),
  ].join(', ');
}
