/** The one seam between the page and its workers: starts them, and lends their functions as promises. */
import { proxy, type Remote, wrap } from 'comlink';
import type { AgentWorker, EpisodeListener, EpisodePlan, LearningProgress } from '../../workers/protocol.ts';
import type { DataWorker } from '../../workers/protocol-data.ts';
import { refuse } from '../engine/result.ts';

export interface AgentClient extends Omit<Remote<AgentWorker>, 'begin' | 'learnHome' | 'why'> {
  begin(plan: EpisodePlan, listen: EpisodeListener): ReturnType<AgentWorker['begin']>;
  why(
    trace: string,
    step: number,
    onProgress: (done: number, total: number) => void,
  ): ReturnType<AgentWorker['why']>;
  learnHome(
    home: number,
    count: number,
    onProgress: (progress: LearningProgress) => void,
  ): ReturnType<AgentWorker['learnHome']>;
}

let client: AgentClient | undefined;
let worker: Worker | undefined;
const lost = new Set<(reason: string) => void>();

/** The agent's worker, started on first use. */
export function agent(): AgentClient {
  if (client !== undefined) return client;
  worker = new Worker(new URL('../../workers/agent.ts', import.meta.url), {
    type: 'module',
    // Where the page lies: a worker knows only its own file's address.
    name: new URL('./', document.baseURI).href,
  });
  worker.addEventListener('error', (event) => lose(event.message || 'it could not be started'));
  const remote = wrap<AgentWorker>(worker);
  client = Object.assign(Object.create(null), {
    openGame: remote.openGame,
    listTasks: remote.listTasks,
    begin: (plan: EpisodePlan, listen: EpisodeListener) => remote.begin(plan, proxy(listen)),
    run: remote.run,
    step: remote.step,
    pause: remote.pause,
    stop: remote.stop,
    act: remote.act,
    learnHome: (home: number, count: number, onProgress: (progress: LearningProgress) => void) =>
      remote.learnHome(home, count, proxy(onProgress)),
    why: (trace: string, step: number, onProgress: (done: number, total: number) => void) =>
      remote.why(trace, step, proxy(onProgress)),
    countHome: remote.countHome,
    remember: remote.remember,
    warmUp: remote.warmUp,
    chooseDevice: remote.chooseDevice,
    memoryChanged: remote.memoryChanged,
    replay: remote.replay,
  }) as AgentClient;
  // A new worker knows nothing of what was chosen before.
  void remote.chooseDevice(chosenDevice());
  return client;
}

const DEVICES = ['auto', 'webgpu', 'wasm'] as const;
export type DeviceChoice = (typeof DEVICES)[number];

/** Where the pocket student is to run; kept from visit to visit. */
export function chosenDevice(): DeviceChoice {
  const kept = localStorage.getItem('duomem-device');
  return DEVICES.find((device) => device === kept) ?? 'auto';
}

export function chooseDevice(device: DeviceChoice): void {
  localStorage.setItem('duomem-device', device);
  void agent().chooseDevice(device);
}

/** Functions of the data worker that report how far they are: their last parameter is called back. */
type Reporting = 'importGames' | 'exportAll' | 'takeArchive';
const REPORTING: readonly string[] = ['importGames', 'exportAll', 'takeArchive'] satisfies Reporting[];

export type DataClient = Omit<Remote<DataWorker>, Reporting> & Pick<DataWorker, Reporting>;

let dataClient: DataClient | undefined;

/** The worker for data, started on first use. */
export function data(): DataClient {
  if (dataClient !== undefined) return dataClient;
  const started = new Worker(new URL('../../workers/data.ts', import.meta.url), {
    type: 'module',
    name: new URL('./', document.baseURI).href,
  });
  started.addEventListener('error', () => {
    started.terminate();
    dataClient = undefined;
  });
  const remote = wrap<DataWorker>(started);
  dataClient = new Proxy({} as DataClient, {
    get: (_, name) => {
      const call = Reflect.get(remote, name) as (...args: unknown[]) => unknown;
      if (!REPORTING.includes(String(name))) return call;
      return (...args: unknown[]) => call(...args.slice(0, -1), proxy(args.at(-1) as object));
    },
  });
  return dataClient;
}

/** Called when the worker has crashed; the next call of {@link agent} starts another. Returns how to stop listening. */
export function onAgentLost(listen: (reason: string) => void): () => void {
  lost.add(listen);
  return () => lost.delete(listen);
}

/** Ends the worker, as a crash would: for 'restart', and for tests. */
export function lose(reason: string): void {
  worker?.terminate();
  worker = undefined;
  client = undefined;
  for (const listen of lost) listen(reason);
}

/** What a call to a worker that died comes to. */
export const WORKER_LOST = refuse('WORKER_LOST', 'The agent stopped working and is being started again.');
