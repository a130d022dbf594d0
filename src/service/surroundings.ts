import type { Result } from '../base/result.ts';
import type { MovableStudent } from '../protocol/agent.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { ReadImported } from './games.ts';
import type { MemoryService } from './memory.ts';
import type { MlcStudents } from './mlc.ts';
import type { OpenPocket } from './pocket-students.ts';
import type { SmolLm2Students } from './smollm2-students.ts';

/** What the agent's surroundings provide; tests put small things in their place. */
export interface Surroundings {
  /** Name and version of the program, for traces. */
  readonly program: string;
  readonly readImported: ReadImported;
  /** The model; opened once, on first use. */
  readonly openPocket: OpenPocket;
  /** How fast a student is on the CPU and on the GPU; without it nobody knows. */
  readonly measureDevices?: Readonly<Record<MovableStudent, () => Promise<Result<DeviceSpeeds>>>>;
  /** The 4B students of this device; without it there are none. */
  readonly mlc?: Pick<MlcStudents, 'open' | 'close'>;
  /** The SmolLM2 students of this device; without it there are none. */
  readonly smolLm2?: Pick<SmolLm2Students, 'hold' | 'choose' | 'lost' | 'close'>;
  readonly memory: Pick<MemoryService, 'open' | 'index' | 'recall' | 'changed'>;
}
