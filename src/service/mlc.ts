/** The 4B student of this device: opened from the files that were verified, one at a time, kept until it is let go. */

import { fetchWhole } from '../base/patience.ts';
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { unlessSilent, within } from '../base/within.ts';
import { readModels } from '../storage/models-db.ts';
import { askForAdapter, expectDevice } from '../students/adapter.ts';
import type { MlcEngine } from '../students/mlc/engine.ts';
import { openMlcStudent } from '../students/mlc/open.ts';
import { loadRuntime, openMlcEngine } from '../students/mlc/web-llm.ts';
import type { Student } from '../students/student.ts';
import { answered, isWhole } from '../weights/download/browser-store.ts';
import type { ModelEntry } from '../weights/download/model-entry.ts';
import { storageRefusal } from '../weights/download/store.ts';

interface Opened {
  readonly key: string;
  readonly student: Promise<Result<Student>>;
}

export class MlcStudents {
  #opened: Opened | undefined;
  /** Resolves once the memory of those before is free. */
  #freed: Promise<unknown> = Promise.resolve();

  /**
   * The student; whoever asks for the same one gets the same, also while it is still being loaded.
   * @param wanted a model's id; the first that is ready where it isn't given
   * Codes: STUDENT_NOT_HERE (no such model is ready), and those of openMlcStudent.
   */
  async open(wanted: string | undefined, thinking: boolean): Promise<Result<Student>> {
    const found = await findReady(wanted);
    if (!found.ok) return found;
    const key = `${found.value.id} ${thinking}`;
    if (this.#opened?.key !== key) {
      const freed = this.close();
      this.#opened = { key, student: freed.then(() => load(found.value, thinking)) };
    }
    const opened = this.#opened;
    const student = await opened.student;
    // What failed may work later.
    if (!student.ok && this.#opened === opened) this.#opened = undefined;
    return student;
  }

  /** Frees the GPU memory. */
  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    const free = async (): Promise<void> => {
      const student = await opened?.student;
      if (student?.ok) await student.value.dispose().catch(() => undefined);
    };
    this.#freed = Promise.all([this.#freed, free()]);
    await this.#freed;
  }
}

/** Milliseconds without a word of the loading: the last step compiles shaders in silence. */
const LOADING_PATIENCE = 180_000;

function load(model: ModelEntry, thinking: boolean): Promise<Result<Student>> {
  return openMlcStudent(model, thinking, openEngine, () => performance.now());
}

/** Rejects where the GPU or the loading goes silent; web-llm has no limits of its own. */
async function openEngine(id: string, contextLimit: number): Promise<MlcEngine> {
  const adapter = await askForAdapter({ powerPreference: 'high-performance' });
  if (adapter !== null) await expectDevice(adapter);
  let opening: Promise<MlcEngine> | undefined;
  try {
    return await unlessSilent(LOADING_PATIENCE, 'The GPU', (heard) => {
      opening = openMlcEngine({ id, contextLimit, onProgress: heard });
      return opening;
    });
  } catch (error) {
    // Should it come after all, nobody waits for it any more.
    opening?.then((late) => late.unload()).catch(() => {});
    throw error;
  }
}

/** Where the service worker finds web-llm's code when it is first asked for it (src/service/kept-site.ts). */
const RUNTIME_CACHE = 'duomem-web-llm';

/** Milliseconds for web-llm's seven megabytes: a browser has no limit for a script whose host stands still. */
const RUNTIME_PATIENCE = 300_000;

/**
 * Fetches web-llm's code and keeps it for work without a network. The service worker would keep it too, but on the
 * first visit it isn't in charge of the page yet. Code RUNTIME_MISSING.
 */
export async function keepRuntime(): Promise<Result<true>> {
  try {
    await within(RUNTIME_PATIENCE, 'the host', loadRuntime());
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    const address = fetched.find((name) => /\/assets\/web-llm-[\w-]+\.js$/.test(name));
    if (address === undefined) return ok(true); // on vite's own server it has another name
    const cache = await answered(caches.open(RUNTIME_CACHE));
    if ((await answered(cache.match(address, { ignoreVary: true }))) === undefined) {
      const { response, bytes } = await fetchWhole((signal) => fetch(address, { signal }));
      if (!response.ok) throw new Error(`the host answered ${response.status}`);
      await answered(cache.put(address, new Response(bytes, { headers: response.headers })));
    }
    // Those of earlier versions of the page.
    for (const kept of await answered(cache.keys()))
      if (kept.url !== address) await answered(cache.delete(kept));
    return ok(true);
  } catch (error) {
    return refuse(
      'RUNTIME_MISSING',
      `The runtime of the 4B student can't be downloaded now: ${messageOf(error)}.`,
    );
  }
}

/** A file that the browser has cleared makes a model unready: nothing is loaded in part. */
async function findReady(wanted: string | undefined): Promise<Result<ModelEntry>> {
  const models = await readModels();
  if (!models.ok) return models;
  for (const model of models.value) {
    if (model.runtime !== undefined || (wanted !== undefined && model.id !== wanted)) continue;
    const whole = await isWhole(model.id, model.files).then(ok, (error: unknown) => ({
      ok: false as const,
      error: storageRefusal(error),
    }));
    if (!whole.ok) return whole;
    if (whole.value) return ok(model);
    if (wanted !== undefined) {
      return refuse(
        'STUDENT_NOT_HERE',
        `${model.title} isn't whole on this device: resume its download under Models.`,
      );
    }
  }
  return refuse(
    'STUDENT_NOT_HERE',
    "There's no 4B student on this device yet: download one, or import your own, under Models.",
  );
}
