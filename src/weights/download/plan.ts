/** What a download consists of: files with their addresses, sizes and digests, known before the first byte comes. */
import { Sha256 } from '../../base/sha256.ts';

export interface Digest {
  /** `sha256` of the content, or git's own name of it: SHA-1 over a header and the content, as hubs give for small files. */
  readonly algorithm: 'sha256' | 'git-sha1';
  /** Lower-case. */
  readonly hex: string;
}

export interface DownloadFile {
  /** Name in the model's folder, without a path. */
  readonly name: string;
  readonly bytes: number;
  readonly digest: Digest;
  /** Absolute; undefined where the user gives the file. */
  readonly url: string | undefined;
}

export function plannedBytes(files: readonly DownloadFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** Takes a file's bytes in their order and tells whether they were the right ones. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  matches(): Promise<boolean>;
}

/** git's SHA-1 is made of files in memory: hubs keep small files in git, and large ones with a SHA-256. */
export function hasherOf({ digest, bytes }: DownloadFile): Hasher {
  return digest.algorithm === 'sha256' ? sha256Hasher(digest.hex) : gitHasher(digest.hex, bytes);
}

function sha256Hasher(hex: string): Hasher {
  const hash = new Sha256();
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    matches: async () => hash.digest() === hex,
  };
}

function gitHasher(hex: string, length: number): Hasher {
  const header = new TextEncoder().encode(`blob ${length}\0`);
  const content = new Uint8Array(header.length + length);
  content.set(header);
  let at = header.length;
  return {
    update: (bytes) => {
      content.set(bytes, at);
      at += bytes.length;
    },
    matches: async () => {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', content.subarray(0, at)));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === hex;
    },
  };
}
