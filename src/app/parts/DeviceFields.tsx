/** Where a student runs: chosen by hand, or measured here. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { MovableStudent } from '../../protocol/agent.ts';
import { type DeviceSpeeds, tokensPerSecond } from '../../students/pocket/reply-speed.ts';
import {
  chooseDevice,
  chosenDevice,
  type DeviceChoice,
  measureAndChoose,
  measuredDevices,
} from '../worker-client.ts';
import { SelectField } from './SelectField.tsx';

const DEVICES: readonly (readonly [DeviceChoice, string])[] = [
  ['auto', 'whichever was faster here'],
  ['webgpu', 'the GPU (WebGPU)'],
  ['wasm', 'the CPU (WebAssembly)'],
];

interface DeviceFieldsProps {
  readonly student: MovableStudent;
  /** As a sentence begins with it. */
  readonly name: string;
  /** Called when it runs elsewhere, perhaps. */
  readonly onChange?: () => void;
}

export function DeviceFields({ student, name, onChange }: DeviceFieldsProps) {
  const [device, setDevice] = useState(() => chosenDevice(student));
  const [measured, setMeasured] = useState(() => spoken(measuredDevices(student)));
  const measure = async (): Promise<void> => {
    setMeasured('Measuring …');
    const speeds = await measureAndChoose(student);
    setMeasured(speeds.ok ? spoken(speeds.value) : formatRefusal(speeds.error));
    onChange?.();
  };
  return (
    <>
      <SelectField
        label={`${name} runs on`}
        value={device}
        options={DEVICES}
        onChange={(chosen) => {
          setDevice(chosen);
          chooseDevice(student, chosen);
          onChange?.();
        }}
      />
      <p className="row">
        <button type="button" onClick={() => void measure()}>
          Measure CPU and GPU
        </button>
        <span role="status">{measured}</span>
      </p>
    </>
  );
}

function spoken(speeds: DeviceSpeeds | undefined): string {
  if (speeds === undefined) return 'Not measured yet: it plays on the CPU until then.';
  const [cpu, gpu] = [speeds.cpu, speeds.gpu].map(tokensPerSecond);
  return `Tokens of a reply per second: ${cpu} on the CPU, ${gpu} on the GPU.`;
}
