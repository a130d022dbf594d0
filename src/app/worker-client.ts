/** Starts the page's workers (the benchmark has its own), and passes on their functions as promises. */
import type { Result } from '../base/result.ts';
import type { AgentWorker, MovableStudent } from '../protocol/agent.ts';
import type { DataWorker } from '../protocol/data.ts';
import type { ModelsWorker } from '../protocol/models.ts';
import type { PracticeWorker } from '../protocol/practice.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import { RestartingWorker } from './restarting-worker.ts';
import { keepSetting, readSetting } from './settings.ts';

const DEVICES = ['auto', 'webgpu', 'wasm'] as const;
export type DeviceChoice = (typeof DEVICES)[number];
const MOVABLE = ['pocket', 'smollm2'] as const satisfies readonly MovableStudent[];
/** Settings, by what is kept: names that the pocket student's had before there was another. */
const SETTINGS = {
  pocket: { device: 'duomem-device', measured: 'duomem-measured' },
  smollm2: { device: 'duomem-device-smollm2', measured: 'duomem-measured-smollm2' },
} as const;

const agentWorker = new RestartingWorker<AgentWorker>(
  'The agent stopped working and is being started again.',
  (name) => new Worker(new URL('../../workers/agent.ts', import.meta.url), { type: 'module', name }),
  // A new worker knows nothing of what was chosen before.
  (functions) =>
    Promise.all(
      MOVABLE.map((student) =>
        functions.chooseDevice(student, chosenDevice(student), measuredDevices(student)),
      ),
    ),
);

const dataWorker = new RestartingWorker<DataWorker>(
  'The part of this page that stores your data stopped working: try again.',
  (name) => new Worker(new URL('../../workers/data.ts', import.meta.url), { type: 'module', name }),
  (functions) => functions.cancelImport(),
);

const modelsWorker = new RestartingWorker<ModelsWorker>(
  'The part of this page that downloads models stopped working: try again.',
  (name) => new Worker(new URL('../../workers/models.ts', import.meta.url), { type: 'module', name }),
  (functions) => functions.pause(''),
);

const practiceWorker = new RestartingWorker<PracticeWorker>(
  'The part of this page that trains stopped working: resume the practice.',
  (name) => new Worker(new URL('../../workers/practice.ts', import.meta.url), { type: 'module', name }),
  (functions) => functions.pause(),
);

/** The agent's worker, started on first use. */
export function agent(): AgentWorker {
  return agentWorker.functions;
}

/** The worker for data, started on first use. */
export function data(): DataWorker {
  return dataWorker.functions;
}

/** The worker for models, which may ask other hosts, started on first use. */
export function models(): ModelsWorker {
  return modelsWorker.functions;
}

/** The worker for practising, started on first use. */
export function practice(): PracticeWorker {
  return practiceWorker.functions;
}

/** What a call to an agent comes to that breaks down before it answers. */
export const AGENT_LOST = agentWorker.lost;

/** Called when the agent's worker has crashed; the next call of {@link agent} starts another. Returns how to stop listening. */
export function onAgentLost(listen: (reason: string) => void): () => void {
  return agentWorker.onLost(listen);
}

/** Where a student is to run; kept from visit to visit. */
export function chosenDevice(student: MovableStudent): DeviceChoice {
  const kept = readSetting(SETTINGS[student].device);
  return DEVICES.find((device) => device === kept) ?? 'auto';
}

export function chooseDevice(student: MovableStudent, device: DeviceChoice): void {
  keepSetting(SETTINGS[student].device, device);
  void agent().chooseDevice(student, device, measuredDevices(student));
}

/** How fast the CPU and the GPU of this device were when they were last measured; undefined where they weren't. */
export function measuredDevices(student: MovableStudent): DeviceSpeeds | undefined {
  const [cpu, gpu] = (readSetting(SETTINGS[student].measured) ?? '').split(' ').map(Number);
  const known = cpu !== undefined && gpu !== undefined && cpu > 0 && gpu > 0;
  return known && Number.isFinite(cpu + gpu) ? { cpu, gpu } : undefined;
}

/** Measures both, and keeps it from visit to visit. */
export async function measureAndChoose(student: MovableStudent): Promise<Result<DeviceSpeeds>> {
  const measured = await agent().measureDevices(student);
  if (measured.ok) {
    keepSetting(SETTINGS[student].measured, `${measured.value.cpu} ${measured.value.gpu}`);
    chooseDevice(student, chosenDevice(student));
  }
  return measured;
}
