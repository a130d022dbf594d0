/**
 * What a model on Hugging Face and a library on GitHub consist of, by the hubs' own digests: Hugging Face's list of a
 * repository has the SHA-256 of large files (`lfs.oid`) and git's SHA-1 of small ones (`oid`); GitHub's list of a file
 * has git's SHA-1. A branch is resolved to its commit first, so that no file changes under a download.
 */

import { asFields, isCount } from '../../base/json-fields.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Library } from '../registry.ts';
import { isRead, LIBRARY_NAME, TENSOR_CACHE } from './addresses.ts';
import { fetchJson } from './fetch-text.ts';
import type { Digest, DownloadFile } from './plan.ts';

const LIST_BYTES = 4_000_000;

interface HubAddresses {
  readonly huggingFace: string;
  readonly gitHubApi: string;
  readonly gitHubRaw: string;
}

export const HUBS: HubAddresses = {
  huggingFace: 'https://huggingface.co',
  gitHubApi: 'https://api.github.com',
  gitHubRaw: 'https://raw.githubusercontent.com',
};

interface HubPlan {
  /** The commit. */
  readonly revision: string;
  readonly files: readonly DownloadFile[];
}

/** Codes: those of fetchText, and HUB_ANSWER (the hub says something that can't be read). */
export async function planFromHub(
  fetchIt: typeof fetch,
  repository: string,
  revision: string,
  { huggingFace }: HubAddresses = HUBS,
): Promise<Result<HubPlan>> {
  const about = await fetchJson(
    fetchIt,
    `${huggingFace}/api/models/${repository}/revision/${revision}`,
    LIST_BYTES,
  );
  if (!about.ok) return about;
  const commit = asFields(about.value).sha;
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) return unreadable(repository);
  const tree = await fetchJson(fetchIt, `${huggingFace}/api/models/${repository}/tree/${commit}`, LIST_BYTES);
  if (!tree.ok) return tree;
  if (!Array.isArray(tree.value)) return unreadable(repository);
  const entries = tree.value.map(asFields);
  // Older repositories name the list of tensors otherwise; the content is the same.
  const older = entries.every(({ path }) => path !== TENSOR_CACHE);
  const files: DownloadFile[] = [];
  for (const { type, path, size, oid, lfs } of entries) {
    if (type !== 'file' || typeof path !== 'string') continue;
    const name = older && path === 'ndarray-cache.json' ? TENSOR_CACHE : path;
    if (!isRead(name)) continue;
    const large = asFields(lfs);
    const digest = lfs === undefined ? digestOf('git-sha1', oid) : digestOf('sha256', large.oid);
    const bytes = lfs === undefined ? size : large.size;
    if (digest === undefined || !isCount(bytes, 2 ** 38 - 1)) return unreadable(repository);
    files.push({ name, bytes, digest, url: `${huggingFace}/${repository}/resolve/${commit}/${path}` });
  }
  return ok({ revision: commit, files });
}

/** Codes: those of fetchText, and HUB_ANSWER. */
export async function planLibrary(
  fetchIt: typeof fetch,
  { repository, commit, path }: Library,
  { gitHubApi, gitHubRaw }: HubAddresses = HUBS,
): Promise<Result<DownloadFile>> {
  const about = await fetchJson(
    fetchIt,
    `${gitHubApi}/repos/${repository}/contents/${path}?ref=${commit}`,
    // The answer may hold the file itself, in base64.
    64_000_000,
  );
  if (!about.ok) return about;
  const { sha, size } = asFields(about.value);
  const digest = digestOf('git-sha1', sha);
  if (digest === undefined || !isCount(size, 2 ** 38 - 1)) return unreadable(`${repository}/${path}`);
  return ok({
    name: LIBRARY_NAME,
    bytes: size,
    digest,
    url: `${gitHubRaw}/${repository}/${commit}/${path}`,
  });
}

/** `user/name` of an address of Hugging Face, and the branch where it names one. */
export function parseHubAddress(
  address: string,
  { huggingFace }: HubAddresses = HUBS,
): { readonly repository: string; readonly revision: string } | undefined {
  if (!address.startsWith(`${huggingFace}/`)) return undefined;
  const [user, name, word, revision] = address.slice(huggingFace.length + 1).split(/[/?#]/);
  const plain = /^\w[\w.-]*$/;
  if (user === undefined || name === undefined || !plain.test(user) || !plain.test(name)) return undefined;
  const named = (word === 'tree' || word === 'resolve') && revision !== undefined && plain.test(revision);
  return { repository: `${user}/${name}`, revision: named ? revision : 'main' };
}

function digestOf(algorithm: Digest['algorithm'], oid: unknown): Digest | undefined {
  const digits = algorithm === 'sha256' ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/;
  return typeof oid === 'string' && digits.test(oid) ? { algorithm, hex: oid } : undefined;
}

function unreadable(place: string) {
  return refuse('HUB_ANSWER', "The hub answered with something that can't be read.", place);
}
