/** How imported games are told: the dialect of which of ALFWorld's releases, and whose words for the task. */

import type { Telling } from '../../engine/import/index.ts';
import type { StudentChoice } from '../../protocol/agent.ts';
import { SelectField } from './SelectField.tsx';
import { studentName } from './words.ts';

const DIALECT_NAMES = {
  move: 'move … to (ALFWorld 0.4 and later)',
  put: 'put … in/on (before 0.4)',
} as const;
const DIALECTS = ['move', 'put'] as const;

/** Students of this project learnt the commands of one dialect and the templates' sentences. */
export const TRAINED: readonly StudentChoice[] = ['pocket', 'smollm2'];

interface TellingFieldsProps {
  readonly student: StudentChoice;
  readonly telling: Telling;
  readonly onChange: (telling: Telling) => void;
}

export function TellingFields({ student, telling, onChange }: TellingFieldsProps) {
  const { dialect, goals } = telling;
  return (
    <>
      <SelectField
        label="Commands"
        value={dialect ?? ''}
        options={[['', 'as the file says'], ...DIALECTS.map((one) => [one, DIALECT_NAMES[one]] as const)]}
        onChange={(chosen) =>
          onChange(tellingFrom({ ...(chosen && { dialect: chosen }), ...(goals && { goals }) }))
        }
      />
      <SelectField
        label="Words of the task"
        value={goals ?? ''}
        options={[
          ['', "the game's own"],
          ['human', "people's (ALFRED's annotators)"],
        ]}
        onChange={(chosen) =>
          onChange({ ...(dialect && { dialect }), ...(chosen === 'human' && { goals: chosen }) })
        }
      />
      {TRAINED.includes(student) && dialect === 'put' && (
        <p className="quiet">
          Training taught {studentName(student)} “move … to”: with “put … in/on” it solves hardly any task.
        </p>
      )}
      {TRAINED.includes(student) && goals === 'human' && (
        <p className="quiet">
          It learnt the templates' sentences: people's words are told to it as one of them where they're
          understood.
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
