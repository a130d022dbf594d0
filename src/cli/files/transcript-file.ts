/**
 * Files of recorded episodes, one a line (format: src/engine/transcript.ts), plain or gzip, of any length: read as a
 * stream. Lines end with a line feed and nothing else, since recorded commands hold U+2028 and the like.
 */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { compareCodePoints } from '../../base/order.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { parseTranscript, type Transcript } from '../../engine/transcript.ts';
import { readFailure } from './read-failure.ts';

/** An episode of a thousand steps has some 2 MB. */
const MAX_LINE_BYTES = 2 ** 26;

interface TranscriptLine {
  /** File and line, for messages. */
  readonly place: string;
  readonly transcript: Transcript;
}

/** The files of episodes at a path: itself, or those right in a folder, by name. Codes: EPISODES_UNREADABLE, EPISODES_NONE. */
export async function listTranscriptFiles(path: string): Promise<Result<readonly string[]>> {
  try {
    if (!(await stat(path)).isDirectory()) return ok([path]);
    const names = (await readdir(path))
      .filter((name) => /\.jsonl(\.gz)?$/.test(name))
      .sort(compareCodePoints);
    if (names.length > 0) return ok(names.map((name) => join(path, name)));
    return refuse('EPISODES_NONE', 'The folder holds no .jsonl or .jsonl.gz file.', path);
  } catch (error) {
    return unreadable(error, path);
  }
}

/**
 * The episodes of a file in its order; after a refusal nothing follows.
 * Codes: EPISODES_UNREADABLE, EPISODES_ENCODING, EPISODES_LINE_TOO_LONG, EPISODES_NONE, and those of parseTranscript.
 */
export async function* readTranscripts(path: string): AsyncGenerator<Result<TranscriptLine>> {
  let number = 0;
  let found = false;
  try {
    for await (const line of lines(await openText(path))) {
      const place = `${path}, line ${++number}`;
      if (!line.ok) {
        yield { ok: false, error: { ...line.error, place } };
        return;
      }
      if (line.value.trim() === '') continue;
      const transcript = parseTranscript(line.value);
      if (!transcript.ok) {
        const key = transcript.error.place;
        yield {
          ok: false,
          error: { ...transcript.error, place: key === undefined ? place : `${place}, ${key}` },
        };
        return;
      }
      found = true;
      yield ok({ place, transcript: transcript.value });
    }
  } catch (error) {
    yield unreadable(error, path);
    return;
  }
  if (!found) yield refuse('EPISODES_NONE', 'The file holds no episodes.', path);
}

/** The unpacked bytes, whatever the file is called: gzip shows in its first two bytes. */
async function openText(path: string): Promise<Readable> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(2), position: 0 });
  await file.close();
  const bytes = createReadStream(path);
  if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) return bytes;
  // Errors come up where the unpacked bytes are read; the callback is only there because pipeline wants one.
  return pipeline(bytes, createGunzip(), () => {});
}

async function* lines(bytes: Readable): AsyncGenerator<Result<string>> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield decode([...parts, chunk.subarray(from, end)]);
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES) {
      yield refuse('EPISODES_LINE_TOO_LONG', `A line has more than ${MAX_LINE_BYTES / 2 ** 20} MiB.`);
      return;
    }
  }
  if (length > 0) yield decode(parts);
}

function decode(parts: readonly Buffer[]): Result<string> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts)));
  } catch {
    return refuse('EPISODES_ENCODING', "The line isn't UTF-8 text.");
  }
}

function unreadable(error: unknown, path: string): Result<never> {
  return refuse('EPISODES_UNREADABLE', `The episodes can't be read: ${readFailure(error)}.`, path);
}
