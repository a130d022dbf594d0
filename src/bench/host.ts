/**
 * What measures: a worker of the page, fresh for each part of a run, so that no part warms another one up. Plain data
 * goes in and out, so that structured clone carries it; whatever goes wrong comes back as a Refusal.
 */
import type { Result } from '../base/result.ts';
import type { GpuAdapter, PowerPreference } from './bench-file.ts';
import type { Figure, Work } from './figures.ts';
import type { ProfileName } from './profile.ts';
import type { SpeedRequest } from './student-speed.ts';

/** Students that the page can measure, with the device that they run on. */
export type StudentSubject = 'pocket/kernels' | 'pocket/wasm' | 'pocket/webgpu' | '4b/webgpu';

export interface DeviceReport {
  readonly adapter: GpuAdapter | null;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

export interface LoadRequest {
  readonly subject: StudentSubject;
  readonly power: PowerPreference;
  /**
   * A word that was never used before: it is put behind the addresses of model and runtime, so that neither the
   * browser nor the service worker has them. Undefined for a load out of their caches.
   */
  readonly cold?: string;
  /** Tokens of the self-test that are decoded. */
  readonly selfTestTokens: number;
}

export interface LoadReport {
  readonly loadSeconds: number;
  /** Undefined where there is none for this student. */
  readonly selfTestSeconds: number | undefined;
  /** SHA-256 of the weights, in hex. */
  readonly weights: string;
}

export interface SpeedReport {
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
  /** A token's; only where it was asked to count. */
  readonly prefillWork?: Work;
  readonly decodeWork?: Work;
}

export interface TaskReport {
  /** From the first prompt to the last observation. */
  readonly seconds: number;
  readonly steps: number;
  readonly won: boolean;
  readonly firstTurn: number;
  readonly laterTurns: readonly number[];
  /** Of the whole task; of its first prompt; of a later prompt. Only where calls were counted before. */
  readonly work?: { readonly task: Work; readonly firstTurn: Work; readonly laterTurn: Work };
}

export interface MemoryReport {
  /** Seconds, each of one sentence. */
  readonly embedding: readonly number[];
  readonly retrieval: readonly number[];
  readonly weights: { readonly embedder: string; readonly bank: string };
}

export interface EngineReport {
  readonly stepsPerSecond: readonly number[];
  readonly withLists: readonly number[];
  /** SHA-256 of the games' texts. */
  readonly games: string;
}

export interface BenchHost {
  device(profile: ProfileName, power: PowerPreference): Promise<Result<DeviceReport>>;
  load(request: LoadRequest): Promise<Result<LoadReport>>;
  /** Of the student that was loaded, as are all below. */
  speed(request: SpeedRequest): Promise<Result<SpeedReport>>;
  /**
   * Bytes a second, copied within as much memory as its weights take; nothing where no cache could hold them, so that
   * the device's own bandwidth is theirs.
   */
  bandwidth(profile: ProfileName): Promise<Result<readonly number[]>>;
  /** One task, played to its end. */
  task(): Promise<Result<TaskReport>>;
  /** Bytes of GPU buffers, at their most. */
  gpuMemory(): Promise<number>;
  memory(profile: ProfileName): Promise<Result<MemoryReport>>;
  engine(profile: ProfileName): Promise<Result<EngineReport>>;
  /** Milliseconds that a fixed piece of work takes the CPU, the least and the median of many. */
  calibrate(): Promise<{ readonly least: number; readonly median: number }>;
}

/** A host that can be ended, which stops whatever it is doing. */
export interface StartedHost {
  readonly host: BenchHost;
  end(): void;
}
