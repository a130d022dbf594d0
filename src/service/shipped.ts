/** What the page brings along, as shipped.json lists it: models, banks and ONNX Runtime, all from the page's own host. */
import { Once } from '../base/once.ts';
import { readJson, readShape } from '../base/read-json.ts';
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { list, object, text, whole } from '../base/schema.ts';
import { sha256Hex } from '../base/sha256.ts';
import { unlessSilent } from '../base/within.ts';
import { STALL_MS } from '../weights/download/fetch-file.ts';

export interface ShippedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const shippedList = object({
  files: list(object({ path: text(300), bytes: whole(0, 2 ** 40), sha256: text(64) }), 10_000),
});

/** The folder of the page, absolute. Workers lie in assets/, or in workers/ on vite's own server. */
export type PageAddress = string;

let listed: Once<readonly ShippedFile[]> | undefined;

/** Code SHIPPED_MISSING. */
export function shippedFiles(page: PageAddress): Promise<Result<readonly ShippedFile[]>> {
  listed ??= new Once(() => readList(page));
  return listed.get();
}

async function readList(page: PageAddress): Promise<Result<readonly ShippedFile[]>> {
  const text = await readShippedText(page, 'shipped.json');
  if (!text.ok) return text;
  const what = 'The list of what the page brings along';
  const json = readJson(text.value, { code: 'SHIPPED_MISSING', what, longest: 1_000_000 });
  if (!json.ok) return json;
  const list = readShape(json.value, shippedList, { code: 'SHIPPED_MISSING', what, whole: 'the value' });
  return list.ok ? ok(list.value.files) : list;
}

/** Code SHIPPED_MISSING. */
export async function readShipped(page: PageAddress, path: string): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return await unlessSilent(STALL_MS, 'the host', (heard) => readPieces(page, path, heard));
  } catch (error) {
    return refuse('SHIPPED_MISSING', `${path} can't be downloaded: ${messageOf(error)}. Is there a network?`);
  }
}

/** Each piece that comes is a sign of life of the host. */
async function readPieces(
  page: PageAddress,
  path: string,
  heard: () => void,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const response = await fetch(new URL(path, page));
  if (!response.ok) {
    return refuse('SHIPPED_MISSING', `The page's host didn't hand out ${path} (${response.status}).`);
  }
  const sign = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, passed) {
      heard();
      passed.enqueue(piece);
    },
  });
  const body = response.body?.pipeThrough(sign);
  return ok(new Uint8Array(await new Response(body ?? null).arrayBuffer()));
}

/** Code SHIPPED_MISSING. */
export async function readShippedText(page: PageAddress, path: string): Promise<Result<string>> {
  const bytes = await readShipped(page, path);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}

/** Code SHIPPED_DAMAGED where the bytes aren't the ones that were built. */
export async function readChecked(
  page: PageAddress,
  { path, sha256 }: ShippedFile,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const bytes = await readShipped(page, path);
  if (!bytes.ok) return bytes;
  if (sha256Hex(bytes.value) === sha256) return bytes;
  return refuse(
    'SHIPPED_DAMAGED',
    `${path} is damaged: it isn't the file that belongs to this page. Reload the page.`,
  );
}

/** ONNX Runtime's own files. */
export function runtimePaths(page: PageAddress): { readonly mjs: string; readonly wasm: string } {
  const build = 'runtime/ort-wasm-simd-threaded';
  return { mjs: new URL(`${build}.mjs`, page).href, wasm: new URL(`${build}.wasm`, page).href };
}
