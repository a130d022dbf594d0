/** The adapters of this device: switched on and off, given a strength, examined, exported, deleted; and imported. */
import { type ReactNode, startTransition, useEffect, useOptimistic, useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { AdapterCard, AdapterEdit } from '../../protocol/practice.ts';
import { useTask } from '../activities/task.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { FileField } from '../parts/FileField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { plural, size } from '../parts/words.ts';
import { ExamTable } from './ExamTable.tsx';
import {
  addAdapterFiles,
  deleteAdapter,
  editAdapter,
  examOf,
  listAdapters,
  saveAdapterFiles,
  startExam,
  stopExam,
  useAdapters,
} from './practice-store.ts';
import '../styles/practice.css';

export function AdapterList() {
  const { adapters, problem } = useAdapters();
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => void listAdapters(), []);
  return (
    <section className="panel practice" aria-labelledby="adapters-heading">
      <h2 id="adapters-heading">What the pocket student practised</h2>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {adapters?.length === 0 && <p className="quiet">Nothing yet: it plays as shipped.</p>}
      <ul className="adapters">
        {adapters?.map((adapter) => (
          <li key={adapter.id}>
            <Adapter adapter={adapter} />
          </li>
        ))}
      </ul>
      <div className="adapter-import">
        <FileField
          label="Import an adapter: the folder with adapter_config.json and adapter_model.safetensors"
          folder={true}
          onFiles={async (files) => {
            const imported = await addAdapterFiles(files);
            setRefusal(imported.ok ? undefined : imported.error);
          }}
        />
        {refusal !== undefined && (
          <p className="notice bad" role="alert">
            {formatRefusal(refusal)}
          </p>
        )}
      </div>
    </section>
  );
}

function Adapter({ adapter }: { readonly adapter: AdapterCard }) {
  const { id, name, bytes, rank, episodes, made } = adapter;
  // What was chosen is shown while it's being kept: a slider must not jump back under the finger.
  const [{ on, strength }, show] = useOptimistic(adapter, (kept, edit: AdapterEdit) => ({
    ...kept,
    ...edit,
  }));
  const [typed, setTyped] = useState(name);
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => setTyped(name), [name]);
  const change = (edit: AdapterEdit): void =>
    startTransition(async () => {
      show(edit);
      setRefusal(await editAdapter(id, edit));
    });
  const about: ReactNode[] = [
    episodes === undefined ? 'imported' : `from ${plural(episodes, 'episode')}`,
    `rank ${rank}`,
    size(bytes),
    made.slice(0, 10),
  ];
  return (
    <article className="adapter" aria-label={name}>
      <p className="row">
        <label>
          <input type="checkbox" checked={on} onChange={(event) => change({ on: event.target.checked })} />
          Plays with it
        </label>
        <span className="quiet">{about.join(', ')}</span>
      </p>
      <div className="adapter-fields">
        <TextField
          label="Name"
          value={typed}
          maxLength={60}
          onChange={setTyped}
          onBlur={() => typed !== name && change({ name: typed })}
        />
        <Field label={`Strength, ${Math.round(100 * strength)} %`}>
          {(field) => (
            <input
              id={field}
              type="range"
              min={0}
              max={200}
              step={10}
              value={Math.round(100 * strength)}
              onChange={(event) => change({ strength: event.target.valueAsNumber / 100 })}
            />
          )}
        </Field>
      </div>
      <p className="row">
        <Button onClick={async () => setRefusal(await saveAdapterFiles(id))}>Export</Button>
        <Button onClick={async () => setRefusal(await deleteAdapter(adapter))}>Delete</Button>
      </p>
      {refusal !== undefined && (
        <p className="notice bad" role="alert">
          {formatRefusal(refusal)}
        </p>
      )}
      {episodes !== undefined && <Exam id={id} />}
    </article>
  );
}

function Exam({ id }: { readonly id: string }) {
  const { progress, answer } = useTask(examOf(id));
  const report = answer?.ok ? answer.value : progress?.report;
  return (
    <div className="exam">
      <p className="row">
        {progress === undefined ? (
          <Button onClick={() => void startExam(id)}>Test it in other homes</Button>
        ) : (
          <>
            <span role="status">
              {progress.played} of {progress.total} games
            </span>
            <Button onClick={stopExam}>Stop the test</Button>
          </>
        )}
      </p>
      {answer !== undefined && !answer.ok && answer.error.code !== 'EXAM_STOPPED' && (
        <p className="notice bad">{formatRefusal(answer.error)}</p>
      )}
      {report !== undefined && <ExamTable report={report} />}
    </div>
  );
}
