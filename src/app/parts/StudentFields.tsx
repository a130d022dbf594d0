/** Who plays and what it may remember: the fields that every view with a student has. */

import { allows, MEMORY_CONFIGURATIONS, type MemoryConfiguration } from '../../agent/prompt.ts';
import type { StudentChoice } from '../../protocol/agent.ts';
import { strengthOf } from '../../students/smollm2/base.ts';
import { MAX_K, type PlaySetup, usualPlans } from '../route.ts';
import { NumberField } from './NumberField.tsx';
import { SelectField } from './SelectField.tsx';
import { MEMORY_NAMES, STUDENT_NAMES } from './words.ts';

/** Those that the card under Models merges. */
const STRENGTHS: readonly (readonly [number, string])[] = [
  [1, 'as trained'],
  ...[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1].map((one) => [one, `strength ${one}`] as const),
  [0, 'none: the base'],
];

/** Thinking is the 4B student's; undefined where a view doesn't offer it. */
export type StudentSetup = Pick<PlaySetup, 'student' | 'memory' | 'k' | 'scripts' | 'model' | 'thinking'>;

interface StudentFieldsProps {
  readonly setup: StudentSetup;
  readonly students: readonly StudentChoice[];
  /** All of them, unless a view says which. */
  readonly memories?: readonly MemoryConfiguration[];
  /** The strength of SmolLM2's adapter can be chosen. */
  readonly adapters?: boolean;
  readonly onChange: (change: Partial<StudentSetup>) => void;
  /** Id of what tells more about the student. */
  readonly note?: string;
}

export function StudentFields(props: StudentFieldsProps) {
  const { setup, students, memories = MEMORY_CONFIGURATIONS, adapters = false, onChange, note } = props;
  const { student, memory, k, scripts } = setup;
  return (
    <>
      <SelectField
        label="Who plays"
        value={student}
        options={students.map((choice) => [choice, STUDENT_NAMES[choice]] as const)}
        note={note}
        onChange={(chosen) =>
          // Another's model or strength means nothing to it.
          onChange({
            student: chosen,
            model: undefined,
            ...(k === usualPlans(student) && { k: usualPlans(chosen) }),
          })
        }
      />
      {student === 'smollm2' && adapters && (
        <SelectField
          label="Adapter"
          value={strengthOf(setup.model)}
          options={STRENGTHS}
          onChange={(strength) => onChange({ model: String(strength) })}
        />
      )}
      {student === 'mlc' && (
        <SelectField
          label="Thinking"
          value={setup.thinking === true ? 'on' : 'off'}
          options={[
            ['off', 'off'],
            ['on', 'before each answer'],
          ]}
          onChange={(chosen) => onChange({ thinking: chosen === 'on' })}
        />
      )}
      <SelectField
        label="Memory"
        value={memory}
        options={memories.map((one) => [one, MEMORY_NAMES[one]] as const)}
        onChange={(chosen) => onChange({ memory: chosen })}
      />
      {allows(memory).scripts && (
        <>
          <NumberField
            label="How many plans (k)"
            min={1}
            max={MAX_K}
            value={k}
            onChange={(value) => onChange({ k: value })}
          />
          <SelectField
            label="Plans written by"
            value={scripts}
            options={[
              ['teacher', 'the teacher'],
              ['student', 'the pocket student'],
            ]}
            onChange={(chosen) => onChange({ scripts: chosen })}
          />
        </>
      )}
    </>
  );
}
