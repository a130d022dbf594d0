/** The file that `duomem collect` writes: begun, or gone on with where an earlier run stopped. */
import { truncate, writeFile } from 'node:fs/promises';
import { asFields, isObject } from '../../base/json-fields.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { fieldsInOrder, type RunServer } from '../../eval/run.ts';
import { addUsage, NO_USAGE } from '../../students/openai/usage.ts';
import {
  type Collected,
  type Collection,
  formatTrajectoryRecord,
  parseTrajectories,
  type Usage,
} from '../../teacher/trajectory.ts';
import { readBegun } from './begun-lines.ts';
import { writeRefusal } from './read-failure.ts';

/** A collection with what of its server concerns the answers; files that were begun before it was kept have none. */
export interface ServedCollection extends Collection {
  readonly server?: RunServer & { readonly thinking?: boolean };
}

interface Kept {
  readonly collected: readonly Collected[];
  readonly trajectories: number;
  /** What earlier runs asked of a server. */
  readonly usage: Usage;
  /** The address of the server that the file was begun with, where it's known. */
  readonly baseUrl: string | undefined;
}

/**
 * What of the file can be kept: the games that are done. Cuts off the rest, or starts the file.
 * Codes: FILE_UNREADABLE, FILE_NOT_TEXT, DISK_FULL, OUT_UNWRITABLE, COLLECT_OTHER_FILE, COLLECT_OTHER_SETTINGS, those
 * of its lines.
 */
export async function resume(out: string, collection: ServedCollection): Promise<Result<Kept>> {
  const begun = await readBegun(out);
  if (!begun.ok) return begun;
  const { lines, rest } = begun.value;
  const file = parseTrajectories(lines);
  if (!file.ok) return { ok: false, error: { ...file.error, place: `${out}, ${file.error.place}` } };
  const header = formatTrajectoryRecord(collection);
  const before = file.value.collection;
  if (before === undefined && (lines !== '' || !header.startsWith(rest))) {
    return refuse('COLLECT_OTHER_FILE', "The file isn't the rest of a collection; name another one.", out);
  }
  if (before !== undefined && differ(before, collection)) {
    return refuse(
      'COLLECT_OTHER_SETTINGS',
      `The file was made with other settings: ${JSON.stringify(before)}.`,
      out,
    );
  }
  try {
    if (before === undefined) await writeFile(out, header);
    else await truncate(out, Buffer.byteLength(lines.slice(0, file.value.complete)));
  } catch (error) {
    return writeRefusal(error, out);
  }
  const { collected, trajectories, spent } = file.value;
  const games = new Set(collected.map(({ game }) => game));
  const usage = [...collected, ...spent].reduce(
    (sum, record) => addUsage(sum, record.usage ?? NO_USAGE),
    NO_USAGE,
  );
  return ok({
    collected,
    trajectories: trajectories.filter(({ game }) => games.has(game)).length,
    usage,
    baseUrl: before === undefined ? undefined : baseUrlOf(before),
  });
}

/** The address doesn't count: servers move. */
function differ(before: ServedCollection, now: ServedCollection): boolean {
  const { server: asked, ...rest } = before;
  const { server: asking, ...others } = now;
  if (formatTrajectoryRecord(rest) !== formatTrajectoryRecord(others)) return true;
  if (asked === undefined || asking === undefined) return false;
  const [then, today] = [asked, asking].map((server) => {
    const { body, thinking } = asFields(server);
    return fieldsInOrder({ body: isObject(body) ? body : {}, thinking });
  });
  return then !== today;
}

function baseUrlOf({ server }: ServedCollection): string | undefined {
  const { baseUrl } = asFields(server);
  return typeof baseUrl === 'string' ? baseUrl : undefined;
}
