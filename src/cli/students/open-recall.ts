/** The memory of a subcommand: bank files from disk and the embedding model that made them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Recall } from '../../agent/recall.ts';
import type { ScriptSource } from '../../agent/settings.ts';
import { MAKERS_OF_SOURCE, openStoreRecall } from '../../agent/store-recall.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { createInMemoryStore } from '../../memory/in-memory-store.ts';
import { openEmbedder, readBankFile } from '../files/bank-files.ts';
import { readFailure } from '../files/read-failure.ts';

/** The teacher's memories of the official training games, as they ship. */
export const BANK_FILE = fileURLToPath(new URL('../../../models/memory/official.bank', import.meta.url));
/** The same with the scripts that the pocket student wrote itself: the paper's baseline. */
export const STUDENT_BANK_FILE = fileURLToPath(
  new URL('../../../models/memory/student.bank', import.meta.url),
);

export interface MemoryChoice {
  /** Files of banks; several are searched as one. */
  readonly banks: readonly string[];
  /** Folder of the embedding model; the one that ships where it isn't given. */
  readonly embedder?: string | undefined;
  /** Whose scripts will be asked for: banks without any are refused. */
  readonly scripts: ScriptSource;
}

/** The banks that ship with the scripts of the teacher, or of the student. */
export function shippedBanks(scripts: ScriptSource): readonly string[] {
  return [scripts === 'teacher' ? BANK_FILE : STUDENT_BANK_FILE];
}

/** Which banks these are: names and the first digits of their SHA-256. Code FILE_UNREADABLE. */
export async function identifyBanks(files: readonly string[]): Promise<Result<string>> {
  const names: string[] = [];
  for (const file of files) {
    try {
      const digest = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      names.push(`${basename(file)} ${digest.slice(0, 12)}`);
    } catch (error) {
      return refuse('FILE_UNREADABLE', `The memory bank can't be read: ${readFailure(error)}.`, file);
    }
  }
  return ok(names.join(', '));
}

/** Opens the banks for an episode. Codes: BANK_NO_SCRIPTS, those of reading a bank, of the embedder, of the store. */
export async function openRecall(choice: MemoryChoice): Promise<Result<Recall>> {
  const { banks, embedder: folder, scripts } = choice;
  const embedder = await openEmbedder(folder);
  if (!embedder.ok) return embedder;
  const store = createInMemoryStore();
  let found = false;
  for (const file of banks) {
    const [bank, identity] = [await readBankFile(file), await identifyBanks([file])];
    if (!bank.ok) return bank;
    if (!identity.ok) return identity;
    found ||= bank.value.entries.some(({ provenance }) =>
      MAKERS_OF_SOURCE[scripts].includes(provenance.maker),
    );
    const installed = await store.install(bank.value, identity.value.slice(-12));
    if (!installed.ok) return installed;
  }
  if (!found) {
    return refuse('BANK_NO_SCRIPTS', `The banks hold no scripts by the ${scripts}.`, banks.join(', '));
  }
  return openStoreRecall(store, embedder.value);
}
