/** The agent's students apart from episodes: made ready, chosen a device for, measured, let go of. */
import { Latest } from '../base/latest.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { AgentWorker } from '../protocol/agent.ts';
import { measureSpeed } from '../students/speed.ts';
import { keepRuntime } from './mlc.ts';
import { holdSmolLm2, type ModelStudents, openModel } from './open-student.ts';
import type { Surroundings } from './surroundings.ts';

export function createStudents(
  { memory, mlc, smolLm2, measureDevices }: Surroundings,
  models: ModelStudents,
): Pick<
  AgentWorker,
  | 'warmUp'
  | 'chooseDevice'
  | 'measureDevices'
  | 'adaptersChanged'
  | 'measure'
  | 'stopMeasuring'
  | 'keepRuntime'
  | 'unloadModel'
> {
  const { pocket } = models;
  const measuring = new Latest();
  return {
    async warmUp(choice, withMemory) {
      if (withMemory) void memory.recall('teacher');
      const held = await (choice === 'pocket' ? pocket.hold() : holdSmolLm2(models, 'merged'));
      if (!held.ok) return held;
      const { student, note, letGo } = held.value;
      letGo();
      return ok({ identity: student.identity, note });
    },

    chooseDevice: async (student, wish, measured) =>
      (student === 'pocket' ? pocket : smolLm2)?.choose(wish, measured),

    measureDevices: async (student) =>
      measureDevices?.[student]() ?? refuse('STUDENT_NOT_HERE', 'There is no such student here.'),

    adaptersChanged: () => pocket.openAnew(),

    async measure(choice, model) {
      const signal = measuring.begin();
      const work = async () => {
        const began = performance.now();
        const opened = await openModel(choice, model, models);
        if (!opened.ok) return opened;
        const loadMs = performance.now() - began;
        const { student, letGo } = opened.value;
        const speed = await measureSpeed(student, signal).finally(letGo);
        return speed.ok ? ok({ ...speed.value, loadMs }) : speed;
      };
      return unlessStopped(signal, work());
    },
    async stopMeasuring() {
      measuring.stop();
    },

    keepRuntime,

    async unloadModel() {
      await Promise.all([mlc?.close(), smolLm2?.close()]);
    },
  };
}

/** Whoever stops is answered at once; what can't be stopped, such as the loading of a model, ends unheard. */
function unlessStopped<T>(signal: AbortSignal, work: Promise<Result<T>>): Promise<Result<T>> {
  const stopped = new Promise<Result<T>>((resolve) => {
    const stop = (): void => resolve(refuse('MEASURING_STOPPED', 'Stopped: nothing was measured.'));
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, stopped]);
}
