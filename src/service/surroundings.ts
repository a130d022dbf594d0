import type { Result } from '../base/result.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { ReadImported } from './games.ts';
import type { MemoryKeeper } from './memory.ts';
import type { MlcKeeper } from './mlc.ts';
import type { OpenPocket } from './pocket-keeper.ts';
import type { SmolLm2Keeper } from './smollm2-keeper.ts';

/** What the agent's surroundings provide; tests put small things in their place. */
export interface Surroundings {
  /** Name and version of the program, for traces. */
  readonly program: string;
  readonly readImported: ReadImported;
  /** The model; opened once, on first use. */
  readonly openPocket: OpenPocket;
  /** How fast the pocket student is on the CPU and on the GPU; without it nobody knows. */
  readonly measureDevices?: () => Promise<Result<DeviceSpeeds>>;
  /** The 4B students of this device; without it there are none. */
  readonly mlc?: Pick<MlcKeeper, 'open' | 'close'>;
  /** The SmolLM2 students of this device; without it there are none. */
  readonly smolLm2?: Pick<SmolLm2Keeper, 'hold' | 'close'>;
  readonly memory: Pick<MemoryKeeper, 'open' | 'index' | 'recall' | 'changed'>;
}
