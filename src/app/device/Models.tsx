/** The models of the page: what they are, how large, where they run, and whether they can be used. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { StudentState } from '../../protocol/agent.ts';
import { Field } from '../parts/Field.tsx';
import { size } from '../parts/words.ts';
import { bytesOf, POCKET_FILES, useShippedParts } from '../shipped-parts.ts';
import { agent, chooseDevice, chosenDevice, type DeviceChoice } from '../worker-client.ts';

const NAMES: readonly (readonly [name: string, files: RegExp])[] = [
  ['Pocket student', POCKET_FILES],
  ['Pocket student for ONNX Runtime, fetched where it is used', /^models\/pocket\/.*\.onnx$/],
  ['SmolLM2’s adapter, fetched where it is used', /^models\/smollm2\//],
  ['Embedding model', /^models\/embedder\//],
  ['Memory banks', /^models\/memory\//],
  ['Sample runs and episodes', /^models\/samples\//],
  ['ONNX Runtime for the CPU', /^runtime\/(?!.*asyncify)/],
  ['ONNX Runtime for WebGPU, fetched where it is used', /^runtime\/.*asyncify/],
];

export function Models() {
  const parts = useShippedParts();
  const [device, setDevice] = useState(chosenDevice);
  const [student, setStudent] = useState<StudentState | string>();
  const load = async (): Promise<void> => {
    setStudent('Loading …');
    const state = await agent().warmUp('pocket', false);
    setStudent(state.ok ? state.value : formatRefusal(state.error));
  };
  return (
    <section className="panel">
      <h2>Models</h2>
      <p className="quiet">All of it comes from this page’s own host, {window.location.host}.</p>
      <table>
        <thead>
          <tr>
            <th>Part</th>
            <th>Size</th>
          </tr>
        </thead>
        <tbody>
          {NAMES.map(([name, files]) => {
            const bytes = parts?.ok ? bytesOf(parts.value, files) : undefined;
            return (
              <tr key={name}>
                <td>{name}</td>
                <td>{bytes === undefined ? '…' : bytes === 0 ? 'not in this build' : size(bytes)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {parts?.ok === false && <p className="notice bad">{formatRefusal(parts.error)}</p>}
      <Field label="The pocket student runs on">
        {(id) => (
          <select
            id={id}
            value={device}
            onChange={(event) => {
              const chosen = event.target.value as DeviceChoice;
              setDevice(chosen);
              setStudent(undefined);
              chooseDevice(chosen);
            }}
          >
            <option value="auto">whatever suits this device</option>
            <option value="webgpu">the GPU (WebGPU)</option>
            <option value="wasm">the CPU (WebAssembly)</option>
          </select>
        )}
      </Field>
      <p className="row">
        <button type="button" onClick={() => void load()}>
          Load and test the pocket student
        </button>
        <span role="status">{typeof student === 'string' ? student : student && told(student)}</span>
      </p>
    </section>
  );
}

function told({ identity, note = '' }: StudentState): string {
  return `Ready. ${note} Weights ${identity?.weights?.slice(0, 12) ?? ''}.`;
}
