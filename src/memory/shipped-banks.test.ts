/** The banks that ship: whole, small, made with the embedder that ships. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { type Bank, packBank } from './bank.ts';
import { parseBank } from './bank-file.ts';
import { sameEmbedder } from './embedder.ts';
import { gameIdentity } from './packed-bank.ts';
import { referenceTrajectory } from './reference.ts';
import { retrieve } from './retrieve.ts';
import { SearchIndex } from './search-index.ts';
import { unpackRow } from './vectors.ts';

const models = fileURLToPath(new URL('../../models', import.meta.url));

describe.each([
  ['official', 'teacher'],
  ['student', 'student'],
])('the bank %s', (name, maker) => {
  const file = Uint8Array.from(readFileSync(`${models}/memory/${name}.bank`));
  let bank: Bank;

  beforeAll(async () => {
    bank = unwrap(await parseBank(file));
  });

  it('has one memory for each training game, in less than the 4 MB of the paper', () => {
    const games = bank.entries.map((entry) => entry.provenance.game);
    expect(new Set(games.map(gameIdentity)).size).toBe(3553);
    expect(games.every((game) => game.startsWith('train/'))).toBe(true);
    expect(new Set(bank.entries.map(({ provenance }) => provenance.maker))).toEqual(new Set([maker]));
    expect(bank.entries.every((entry) => entry.trajectory.steps.length > 0)).toBe(true);
    expect(file.length).toBeLessThan(4e6);
  });

  it('was made with the embedder that ships', () => {
    const manifest = JSON.parse(readFileSync(`${models}/embedder/artifact/embedder.json`, 'utf8'));
    expect(sameEmbedder(bank.embedder, manifest)).toBe(true);
  });

  it('gives ten different scripts and a trajectory for each of its tasks, none from the game itself', () => {
    const index = new SearchIndex(packBank(bank));
    for (let position = 0; position < index.size; position += 97) {
      const { id, provenance, taskType } = bank.entries[position] as Bank['entries'][number];
      const query = unpackRow(index.bank.vectors, index.bank.rows[position] as number);
      const hits = retrieve(index, query, { k: 10, game: provenance.game });
      expect(new Set(hits.map((hit) => index.bank.scripts[hit.position])).size).toBe(10);
      expect(hits.map((hit) => hit.id)).not.toContain(id);
      const reference = referenceTrajectory(index, query, { game: provenance.game, taskType });
      expect(reference?.id).not.toBe(id);
      expect(index.bank.taskTypes[reference?.position ?? -1]).toBe(taskType);
    }
  });
});
