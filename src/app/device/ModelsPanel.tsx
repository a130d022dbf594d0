/** The models of the page: what they are, how large, where they run, and whether they can be used. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { StudentState } from '../../protocol/agent.ts';
import { type DeviceSpeeds, tokensPerSecond } from '../../students/pocket/reply-speed.ts';
import { SelectField } from '../parts/SelectField.tsx';
import { size } from '../parts/words.ts';
import { POCKET_FILES, shippedBytes, useShippedParts } from '../shipped-parts.ts';
import {
  agent,
  chooseDevice,
  chosenDevice,
  type DeviceChoice,
  measureAndChoose,
  measuredDevices,
} from '../worker-client.ts';

const NAMES: readonly (readonly [name: string, files: RegExp])[] = [
  ['Pocket student', POCKET_FILES],
  ["Pocket student for ONNX Runtime, downloaded where it's used", /^models\/pocket\/.*\.onnx$/],
  ["SmolLM2's adapter, downloaded where it's used", /^models\/smollm2\//],
  ['Embedding model', /^models\/embedder\//],
  ['Memory banks', /^models\/memory\//],
  ['Sample runs and episodes', /^models\/samples\//],
  ['ONNX Runtime', /^runtime\//],
];

const DEVICES: readonly (readonly [DeviceChoice, string])[] = [
  ['auto', 'whichever was faster here'],
  ['webgpu', 'the GPU (WebGPU)'],
  ['wasm', 'the CPU (WebAssembly)'],
];

export function ModelsPanel() {
  const parts = useShippedParts();
  const [device, setDevice] = useState(chosenDevice);
  const [student, setStudent] = useState<StudentState | string>();
  const [measured, setMeasured] = useState(() => spoken(measuredDevices()));
  const measure = async (): Promise<void> => {
    setMeasured('Measuring …');
    const speeds = await measureAndChoose();
    setMeasured(speeds.ok ? spoken(speeds.value) : formatRefusal(speeds.error));
    setStudent(undefined);
  };
  const load = async (): Promise<void> => {
    setStudent('Loading …');
    const state = await agent().warmUp('pocket', false);
    setStudent(state.ok ? state.value : formatRefusal(state.error));
  };
  return (
    <section className="panel">
      <h2>Models</h2>
      <p className="quiet">All of it comes from this page's own host, {window.location.host}.</p>
      <table>
        <thead>
          <tr>
            <th>Part</th>
            <th className="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {NAMES.map(([name, files]) => {
            const bytes = parts?.ok ? shippedBytes(parts.value, files) : undefined;
            return (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">
                  {bytes === undefined ? '…' : bytes === 0 ? 'not in this build' : size(bytes)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {parts?.ok === false && <p className="notice bad">{formatRefusal(parts.error)}</p>}
      <SelectField
        label="The pocket student runs on"
        value={device}
        options={DEVICES}
        onChange={(chosen) => {
          setDevice(chosen);
          setStudent(undefined);
          chooseDevice(chosen);
        }}
      />
      <p className="row">
        <button type="button" onClick={() => void load()}>
          Load and test the pocket student
        </button>
        <span role="status">{typeof student === 'string' ? student : student && told(student)}</span>
      </p>
      <p className="row">
        <button type="button" onClick={() => void measure()}>
          Measure CPU and GPU
        </button>
        <span role="status">{measured}</span>
      </p>
    </section>
  );
}

function spoken(speeds: DeviceSpeeds | undefined): string {
  if (speeds === undefined) return 'Not measured yet: it plays on the CPU until then.';
  const [cpu, gpu] = [speeds.cpu, speeds.gpu].map(tokensPerSecond);
  return `Tokens of a reply per second: ${cpu} on the CPU, ${gpu} on the GPU.`;
}

function told({ identity, note = '' }: StudentState): string {
  return `Ready. ${note} Weights ${identity?.weights?.slice(0, 12) ?? ''}.`;
}
