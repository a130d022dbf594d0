/** Writing a memory: a new one, or a shipped one in one's own words. */

import { useState } from 'react';
import { randomId } from '../../base/random-id.ts';
import { formatRefusal } from '../../base/result.ts';
import type { Refusal } from '../../engine/index.ts';
import type { MemoryEntry } from '../../memory/entry.ts';
import { taskTypeIn } from '../../player/goal.ts';
import { isText, useKept } from '../kept.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { TextField } from '../parts/TextField.tsx';

/** An empty memory of the person's. */
export function newMemory(): MemoryEntry {
  return {
    id: `person:${randomId()}`,
    task: '',
    taskType: '',
    script: { taskName: '', guidelines: '' },
    trajectory: { intro: '', steps: [] },
    provenance: { maker: 'person', name: 'you', game: '', seed: 0 },
  };
}

/** Where what is half typed is kept: it outlives the view and a reload. */
export function draftKeys({ id }: MemoryEntry): readonly [task: string, guidelines: string] {
  return [`memory-task ${id}`, `memory-guidelines ${id}`];
}

interface MemoryFormProps {
  readonly entry: MemoryEntry;
  readonly onSave: (entry: MemoryEntry) => Promise<Refusal | undefined>;
  readonly onCancel: () => void;
}

export function MemoryForm({ entry, onSave, onCancel }: MemoryFormProps) {
  const [taskKey, guidelinesKey] = draftKeys(entry);
  const [task, setTask] = useKept(taskKey, entry.task, isText);
  const [guidelines, setGuidelines] = useKept(guidelinesKey, entry.script.guidelines, isText);
  const [problem, setProblem] = useState<Refusal>();
  return (
    <form
      className="memory-form"
      onSubmit={(event) => {
        event.preventDefault();
        const taskType = taskTypeIn(task) ?? entry.taskType;
        const script = { taskName: task.trim().replace(/\.$/, ''), guidelines: guidelines.trim() };
        void onSave({ ...entry, task: task.trim(), taskType, script }).then(setProblem);
      }}
    >
      <h2>{entry.task === '' ? 'A new memory' : 'Change this memory'}</h2>
      <TextField
        label="For which task (this is what searches find)"
        value={task}
        required
        placeholder="put a clean mug in coffeemachine."
        onChange={setTask}
      />
      <Field label="How to do it (this is what the student reads)">
        {(id) => (
          <textarea
            id={id}
            value={guidelines}
            required
            rows={7}
            placeholder="In this home mug was in cabinet 3. Look for mug: it was in cabinet."
            onChange={(event) => setGuidelines(event.target.value)}
          />
        )}
      </Field>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <p className="row">
        <button type="submit" className="primary">
          Keep
        </button>
        <Button onClick={onCancel}>Leave it</Button>
      </p>
    </form>
  );
}
