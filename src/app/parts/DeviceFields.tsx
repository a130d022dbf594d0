/** Where a student runs: chosen by hand, or measured here. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { MovableStudent, StudentState } from '../../protocol/agent.ts';
import { type DeviceSpeeds, tokensPerSecond } from '../../students/pocket/reply-speed.ts';
import {
  agent,
  chooseDevice,
  chosenDevice,
  type DeviceChoice,
  measureAndChoose,
  measuredDevices,
} from '../worker-client.ts';
import { Button } from './Button.tsx';
import { SelectField } from './SelectField.tsx';

const DEVICES: readonly (readonly [DeviceChoice, string])[] = [
  ['auto', 'whichever was faster here'],
  ['webgpu', 'the GPU (WebGPU)'],
  ['wasm', 'the CPU (WebAssembly)'],
];

const WORDS = {
  pocket: { load: 'Load and test the pocket student', runsOn: 'The pocket student runs on' },
  smollm2: { load: 'Load SmolLM2', runsOn: 'SmolLM2 runs on' },
} as const;

interface DeviceFieldsProps {
  readonly student: MovableStudent;
}

export function DeviceFields({ student }: DeviceFieldsProps) {
  const [device, setDevice] = useState(() => chosenDevice(student));
  const [measured, setMeasured] = useState(() => spoken(measuredDevices(student)));
  const [loaded, setLoaded] = useState<string>();
  const measure = async (): Promise<void> => {
    setMeasured('Measuring …');
    const speeds = await measureAndChoose(student);
    setMeasured(speeds.ok ? spoken(speeds.value) : formatRefusal(speeds.error));
    setLoaded(undefined);
  };
  const load = async (): Promise<void> => {
    setLoaded('Loading …');
    const state = await agent().warmUp(student, false);
    setLoaded(state.ok ? told(state.value) : formatRefusal(state.error));
  };
  return (
    <>
      <p className="row">
        <Button onClick={() => void load()}>{WORDS[student].load}</Button>
        <span role="status">{loaded}</span>
      </p>
      <SelectField
        label={WORDS[student].runsOn}
        value={device}
        options={DEVICES}
        onChange={(chosen) => {
          setDevice(chosen);
          chooseDevice(student, chosen);
          setLoaded(undefined);
        }}
      />
      <p className="row">
        <Button onClick={() => void measure()}>Measure CPU and GPU</Button>
        <span role="status">{measured}</span>
      </p>
    </>
  );
}

function told({ identity, note }: StudentState): string {
  return `Ready. ${note} Weights ${identity.weights?.slice(0, 12) ?? ''}, ${identity.device ?? ''}.`;
}

function spoken(speeds: DeviceSpeeds | undefined): string {
  if (speeds === undefined) return 'Not measured yet: it plays on the CPU until then.';
  const [cpu, gpu] = [speeds.cpu, speeds.gpu].map(tokensPerSecond);
  return `Tokens of a reply per second: ${cpu} on the CPU, ${gpu} on the GPU.`;
}
