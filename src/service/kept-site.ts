/**
 * The files of the page as the service worker keeps them: each under its path and digest, and only if its bytes are
 * those that were built. Hosts answer a missing file with the front page and status 200, a sign-in page answers
 * everything; a version is kept whole or not at all. A file that two versions share is kept once.
 */

import { fetchWhole } from '../base/patience.ts';
import { readJson, readShape } from '../base/read-json.ts';
import { messageOf } from '../base/result.ts';
import { list, object, text } from '../base/schema.ts';
import { answerOf } from '../base/within.ts';
import type { SiteFile } from '../protocol/site.ts';

interface SiteSurroundings {
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
}

/** Requests at once while a version is being kept. */
const AT_ONCE = 6;

/** A host's own idea of a type isn't kept: it may be wrong today and right tomorrow, and the bytes stay the same. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['txt', 'text/plain; charset=utf-8'],
  ['js', 'text/javascript'],
  ['mjs', 'text/javascript'],
  ['css', 'text/css'],
  ['json', 'application/json'],
  ['webmanifest', 'application/manifest+json'],
  ['wasm', 'application/wasm'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['woff2', 'font/woff2'],
]);
/**
 * What a host lets a page do. Everything else that it sends today would be sent for ever: that the page is a download, or
 * goes elsewhere after a second.
 */
const KEPT_HEADERS = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
] as const;
const endingOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1] ?? '';

/** Caches of the page's earlier service workers, which took whatever a host sent. */
const earlierPrecache = (scope: string): RegExp => {
  const plain = scope.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^workbox-precache-v\\d+-${plain}$`);
};
const EARLIER_RUNTIMES: readonly string[] = ['web-llm-runtime', 'webgpu-runtime'];

/** The list that a version of the page kept, this one or another. */
function filesIn(content: string | undefined): readonly SiteFile[] {
  const what = 'the list of kept files';
  const json = readJson(content ?? '[]', { code: 'KEPT', what, longest: 10_000_000 });
  const files = json.ok ? readShape(json.value, siteFiles, { code: 'KEPT', what, whole: 'it' }) : json;
  return files.ok ? files.value : [];
}
const siteFiles = list(object({ path: text(1_000), sha256: text(64) }), 100_000);

async function isFile(bytes: Uint8Array<ArrayBuffer>, { sha256 }: SiteFile): Promise<boolean> {
  return (await digestOf(bytes)) === sha256;
}

/** By the browser, which is much faster: where there are service workers there is crypto.subtle too. */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class KeptSite {
  readonly #scope: string;
  readonly #files: ReadonlyMap<string, SiteFile>;
  readonly #around: SiteSurroundings;

  /** @param scope the page's folder, absolute, closed by a slash */
  constructor(scope: string, files: readonly SiteFile[], around: SiteSurroundings) {
    this.#scope = scope;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#around = around;
  }

  /** Keeps all files. @throws with a sentence for a person; what was kept is found again by the next attempt */
  async install(): Promise<void> {
    const waiting = [...this.#files.values()].filter(({ onDemand }) => onDemand === undefined);
    const ending = new AbortController();
    const work = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        await this.#keep(file, ending.signal);
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } catch (error) {
      ending.abort();
      throw error;
    }
    const cache = await this.#cache();
    const paths = [...this.#files.values()];
    await cache.put(await this.#listKey(), new Response(JSON.stringify(paths)));
  }

  /** @param path below the page's folder */
  holds(path: string): boolean {
    return this.#files.has(path);
  }

  mayAnswer(request: Request): boolean {
    return this.#pathOf(request) !== undefined;
  }

  /**
   * The answer to a request of a page, undefined where the network has to give it.
   * @param later is given what goes on after the answer
   */
  async answer(request: Request, later: (work: Promise<unknown>) => void): Promise<Response | undefined> {
    const path = this.#pathOf(request);
    if (path === undefined) return undefined;
    const file = this.#files.get(path);
    if (file !== undefined) {
      // A disk that went away answers nothing, ever; the network still may.
      const kept = await answerOf(this.#kept(file));
      if (kept !== undefined) return kept;
      const response = await this.#around.fetch(request);
      const copy = response.clone();
      later(
        copy.arrayBuffer().then(async (content) => {
          const bytes = new Uint8Array(content);
          if (response.ok && (await isFile(bytes, file))) await this.#put(file, response, bytes);
        }),
      );
      return response;
    }
    // Another tab still shows an earlier version, whose files carry their hash in their name.
    if (!path.startsWith('assets/')) return undefined;
    return answerOf(
      this.#around.caches.match(new URL(path, this.#scope).href, { ignoreSearch: true, ignoreVary: true }),
    );
  }

  async #kept(file: SiteFile): Promise<Response | undefined> {
    const kept = await (await this.#cache()).match(this.#key(file), { ignoreVary: true });
    return kept ?? this.#fromElsewhere(file);
  }

  /**
   * Removes what belongs to no version that is in use.
   * @param entries first scripts of the pages that are open; undefined where it isn't known what they show
   */
  async cleanUp(entries: ReadonlySet<string> | undefined): Promise<void> {
    if (entries === undefined) return;
    const cache = await this.#cache();
    const wanted = new Set<string>([
      await this.#listKey(),
      ...[...this.#files.values()].map((file) => this.#key(file)),
    ]);
    const keys = (await cache.keys()).map(({ url }) => url);
    for (const url of keys.filter((key) => key.startsWith(`${this.#scope}kept?`))) {
      const files = filesIn(await (await cache.match(url))?.text());
      if (!files.some(({ path }) => entries.has(path))) continue;
      wanted.add(url);
      for (const file of files) wanted.add(this.#key(file));
    }
    for (const url of keys) if (!wanted.has(url)) await cache.delete(url);
    for (const name of await this.#earlier()) await this.#around.caches.delete(name);
  }

  /** Whether an earlier service worker keeps something that no browser runs in the place of a script or a style. */
  async earlierIsBroken(): Promise<boolean> {
    for (const name of await this.#earlier()) {
      const cache = await this.#around.caches.open(name);
      for (const request of await cache.keys()) {
        const wanted = TYPES.get(endingOf(new URL(request.url).pathname));
        if (wanted !== 'text/javascript' && wanted !== 'text/css') continue;
        const type = (await cache.match(request))?.headers.get('content-type') ?? '';
        if (!(wanted === 'text/css' ? /css/i : /(java|ecma)script/i).test(type)) return true;
      }
    }
    return false;
  }

  async #keep(file: SiteFile, signal: AbortSignal): Promise<void> {
    const cache = await this.#cache();
    if ((await cache.match(this.#key(file))) !== undefined) return;
    if ((await this.#fromElsewhere(file)) !== undefined) return;
    const url = new URL(file.path, this.#scope).href;
    // What the browser has from just now, first: the page was opened a moment ago.
    const first = await this.#fetch(
      file,
      url,
      file.path.startsWith('assets/') ? 'default' : 'no-cache',
      signal,
    );
    const problem = first === undefined ? undefined : await this.#fetch(file, url, 'reload', signal);
    if (problem !== undefined) throw new Error(problem);
  }

  /** What an earlier service worker or the page itself has kept under the file's plain address, if it is this file. */
  async #fromElsewhere(file: SiteFile): Promise<Response | undefined> {
    const url = new URL(file.path, this.#scope).href;
    const found = await this.#around.caches.match(url, { ignoreSearch: true, ignoreVary: true });
    if (found === undefined) return undefined;
    const bytes = new Uint8Array(await found.arrayBuffer());
    if (!(await isFile(bytes, file))) return undefined;
    await this.#put(file, found, bytes);
    return (await this.#cache()).match(this.#key(file));
  }

  /** @returns what is wrong with the answer */
  async #fetch(
    file: SiteFile,
    url: string,
    cache: RequestCache,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { fetch } = this.#around;
    let fetched: Awaited<ReturnType<typeof fetchWhole>>;
    try {
      fetched = await fetchWhole((ending) => fetch(url, { cache, signal: ending }), { signal });
    } catch (error) {
      return `${file.path} can't be downloaded: ${messageOf(error)}.`;
    }
    const { response, bytes } = fetched;
    if (!response.ok) return `The page's host answered ${response.status} for ${file.path}.`;
    if (!(await isFile(bytes, file))) {
      const page =
        (response.headers.get('content-type') ?? '').startsWith('text/html') && !file.path.endsWith('.html');
      return page
        ? `The page's host sent a web page in place of ${file.path}.`
        : `The page's host sent another ${file.path} than belongs to this version.`;
    }
    await this.#put(file, response, bytes);
    return undefined;
  }

  async #put(file: SiteFile, { headers }: Response, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const kept = new Headers({
      'content-type': TYPES.get(endingOf(file.path)) ?? 'application/octet-stream',
    });
    for (const name of KEPT_HEADERS) {
      const value = headers.get(name);
      if (value !== null) kept.set(name, value);
    }
    await (await this.#cache()).put(this.#key(file), new Response(bytes, { headers: kept }));
  }

  /** Path below the folder, of a request that the kept files can answer. */
  #pathOf({ method, url, mode, headers }: Request): string | undefined {
    const { href, search, hash } = new URL(url);
    const whole = href.slice(0, href.length - search.length - hash.length);
    if (method !== 'GET' || headers.has('range') || !whole.startsWith(this.#scope)) return undefined;
    const path = decoded(whole.slice(this.#scope.length));
    if (path === undefined) return undefined;
    // The page itself may be asked for with words behind its address; the benchmark fetches afresh with them.
    if (mode === 'navigate' && path === '') return 'index.html';
    return search === '' ? path : undefined;
  }

  #cache(): Promise<Cache> {
    return this.#around.caches.open(`duomem-site ${this.#scope}`);
  }

  #key({ path, sha256 }: SiteFile): string {
    return new URL(`${path}?sha256=${sha256}`, this.#scope).href;
  }

  async #listKey(): Promise<string> {
    const all = new TextEncoder().encode(JSON.stringify([...this.#files.values()]));
    return `${this.#scope}kept?version=${await digestOf(all)}`;
  }

  async #earlier(): Promise<string[]> {
    const precache = earlierPrecache(this.#scope);
    const names = await this.#around.caches.keys();
    return names.filter((name) => precache.test(name) || EARLIER_RUNTIMES.includes(name));
  }
}

/** Undefined for what is no UTF-8: the host may know what it means. */
function decoded(path: string): string | undefined {
  try {
    return decodeURI(path);
  } catch {
    return undefined;
  }
}
