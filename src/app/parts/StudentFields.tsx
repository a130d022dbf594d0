/** Who plays and what it may remember: the fields that every view with a student has. */

import { allows, MEMORY_CONFIGURATIONS, type MemoryConfiguration } from '../../agent/prompt.ts';
import type { ScriptSource } from '../../agent/settings.ts';
import type { StudentChoice } from '../../protocol/agent.ts';
import { strengthOf } from '../../students/smollm2/base.ts';
import { MAX_K, type PlaySetup, usualPlans } from '../route.ts';
import { Field } from './Field.tsx';
import { NumberField } from './NumberField.tsx';
import { MEMORY_NAMES, STUDENT_NAMES } from './words.ts';

/** Those that the card under Models merges. */
const STRENGTHS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0] as const;

/** Thinking is the 4B student's; undefined where a view doesn't offer it. */
export type StudentSetup = Pick<PlaySetup, 'student' | 'memory' | 'k' | 'scripts' | 'model' | 'thinking'>;

export interface StudentFieldsProps {
  readonly setup: StudentSetup;
  readonly students: readonly StudentChoice[];
  /** The strength of SmolLM2's adapter can be chosen. */
  readonly adapters?: boolean;
  readonly onChange: (change: Partial<StudentSetup>) => void;
  /** Id of what tells more about the student. */
  readonly note?: string;
}

export function StudentFields({ setup, students, adapters = false, onChange, note }: StudentFieldsProps) {
  const { student, memory, k, scripts } = setup;
  return (
    <>
      <Field label="Who plays">
        {(id) => (
          <select
            id={id}
            value={student}
            aria-describedby={note}
            onChange={(event) => {
              const chosen = event.target.value as StudentChoice;
              // Another's model or strength means nothing to it.
              onChange({
                student: chosen,
                model: undefined,
                ...(k === usualPlans(student) && { k: usualPlans(chosen) }),
              });
            }}
          >
            {students.map((choice) => (
              <option key={choice} value={choice}>
                {STUDENT_NAMES[choice]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {student === 'smollm2' && adapters && (
        <Field label="Adapter">
          {(id) => (
            <select
              id={id}
              value={String(strengthOf(setup.model))}
              onChange={(event) => onChange({ model: event.target.value })}
            >
              {STRENGTHS.map((strength) => (
                <option key={strength} value={String(strength)}>
                  {strength === 1 ? 'as trained' : strength === 0 ? 'none: the base' : `strength ${strength}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {student === 'mlc' && (
        <Field label="Thinking">
          {(id) => (
            <select
              id={id}
              value={setup.thinking === true ? 'on' : 'off'}
              onChange={(event) => onChange({ thinking: event.target.value === 'on' })}
            >
              <option value="off">off</option>
              <option value="on">before each answer</option>
            </select>
          )}
        </Field>
      )}
      <Field label="Memory">
        {(id) => (
          <select
            id={id}
            value={memory}
            onChange={(event) => onChange({ memory: event.target.value as MemoryConfiguration })}
          >
            {MEMORY_CONFIGURATIONS.map((configuration) => (
              <option key={configuration} value={configuration}>
                {MEMORY_NAMES[configuration]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {allows(memory).scripts && (
        <>
          <NumberField
            label="How many plans (k)"
            min={1}
            max={MAX_K}
            value={k}
            onChange={(value) => onChange({ k: value })}
          />
          <Field label="Plans written by">
            {(id) => (
              <select
                id={id}
                value={scripts}
                onChange={(event) => onChange({ scripts: event.target.value as ScriptSource })}
              >
                <option value="teacher">the teacher</option>
                <option value="student">the student</option>
              </select>
            )}
          </Field>
        </>
      )}
    </>
  );
}
