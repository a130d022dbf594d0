/** Opens the 4B student from a model that is on this device. */
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import type { Thinking } from '../../weights/registry.ts';
import type { Clock, Student } from '../student.ts';
import type { MlcEngine } from './engine.ts';
import { createMlcStudent } from './session.ts';

interface InstalledModel {
  readonly id: string;
  readonly title: string;
  readonly weights: string;
  readonly contextLimit: number;
  readonly thinking: Thinking;
}

/** Code MODEL_FAILED: the runtime couldn't load it; it says why in its own words. */
export async function openMlcStudent(
  { id, title, weights, contextLimit, thinking: model }: InstalledModel,
  thinking: boolean,
  openEngine: (id: string, contextLimit: number) => Promise<MlcEngine>,
  clock: Clock,
): Promise<Result<Student>> {
  try {
    const open = (): Promise<MlcEngine> => openEngine(id, contextLimit);
    const engine = await open();
    const identity = { name: title, weights };
    return ok(createMlcStudent({ identity, engine, reopen: open, contextLimit, model, thinking, clock }));
  } catch (error) {
    return refuse('MODEL_FAILED', `The model couldn't be loaded: ${messageOf(error)}`);
  }
}
