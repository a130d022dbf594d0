/**
 * Where nothing more can be written, every command that writes ends with bad input and a sentence about the file that
 * was to be written, and leaves nothing half-written behind. A file may only become 512 or 1,024 bytes large here, as the
 * shell counts; what a disk that is really full says (ENOSPC) goes the same way (outputs.test.ts has /dev/full).
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { generateHome } from '../homes/index.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticAdapter, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { words } from '../testing/words.ts';

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  writeGames(at('games'), generateHome(31, { split: 'test' }), 2);
  const small = shape({ layers: 1, hiddenSize: 64, intermediateSize: 64, vocabSize: 512 });
  writeSyntheticModel(at('base'), small, { seed: 1, dtype: 'BF16', shardBytes: 1e6 });
  writeSyntheticAdapter(at('adapter'), small, { rank: 1, alpha: 1, seed: 1 });
  writeFileSync(at('base.gguf'), Buffer.alloc(100_000, 7));
  for (const line of [
    words`collect --games ${at('games')} --split test --threads 1 --out ${at('t.jsonl')}`,
    words`extract --trajectories ${at('t.jsonl')} --out ${at('s.jsonl')}`,
    words`bank --scripts ${at('s.jsonl')} --trajectories ${at('t.jsonl')} --out ${at('b.bank')}`,
  ]) {
    const run = await runHere(line);
    if (run.exit !== 0) throw new Error(run.message);
  }
});

test.skipIf(process.platform === 'win32')(
  'every command that writes says so, and leaves no half of a file',
  async () => {
    const games = words`--games ${at('games')} --split test`;
    const trajectories = words`--trajectories ${at('t.jsonl')}`;
    const small = words`--steps 1 --batch 1 --old 0 --rank 2 --targets q_proj`;
    /** Words up to the flag of the output, its name, and a file of the command's own that a later call goes on with. */
    const commands: readonly (readonly [line: string[], out: string, own?: string])[] = [
      [words`extract ${trajectories} --out`, 's.jsonl'],
      [words`conversations ${trajectories} --out`, 'c.jsonl'],
      [words`bank --scripts ${at('s.jsonl')} ${trajectories} --out`, 'b.bank'],
      [words`bank --bank ${at('b.bank')} --export`, 'b.json'],
      [words`collect ${games} --threads 1 --out`, 't.jsonl', 't.jsonl'],
      [words`play --student scripted --out`, 'p.jsonl'],
      [words`generate --homes 1 --tasks-per-home 2 --out`, 'games'],
      [words`generate --homes 1 --tasks-per-home 2 --out`, 'games.zip'],
      [words`eval ${games} --student scripted --jobs 1 --memory none --out`, 'run', 'run/run.json'],
      [words`tables ${games} --limit 1 --jobs 1 --out`, 'tables', 'tables/runs/distilled-none-full/run.json'],
      [words`distil ${trajectories} ${small} --out`, 'adapter'],
      [words`convert --base ${at('base')} --quantization q0f16 --out`, 'mlc'],
      [words`merge --base ${at('base')} --adapter ${at('adapter')} --out`, 'merged'],
      [words`fetch smollm2 --from file --file ${at('base.gguf')} --out`, 'fetched'],
    ];
    const places = commands.map((_, i) => at(`out ${i}`));
    for (const place of places) mkdirSync(place);
    const input = JSON.stringify(commands.map(([line, out], i) => [...line, join(places[i] as string, out)]));
    const run = await runCli([], { script: 'src/testing/run-list.ts', limitBlocks: 1, input });
    const outcomes = run.result as readonly { readonly exit: number; readonly message: string }[];
    const ended = commands.map(([[name], out, own], i) => {
      const place = places[i] as string;
      const left = readdirSync(place, { recursive: true, encoding: 'utf8' });
      const files = left.filter((path) => statSync(join(place, path)).isFile());
      const { exit, message } = outcomes[i] ?? { exit: undefined, message: run.stderr };
      const said = message?.startsWith(join(place, out)) && /larger than/.test(message);
      return [name, out, exit, said || message, files.filter((path) => path !== own)];
    });
    expect(ended).toEqual(commands.map(([[name], out]) => [name, out, 3, true, []]));
  },
);
