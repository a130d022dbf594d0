import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';

const STEP = { thought: 'I look.', action: 'go to desk 1', observation: 'On the desk 1, you see a mug 1.' };
const TASKS = [
  ['put a mug in shelf.', 'pick_and_place_simple'],
  ['heat some egg and put it in fridge.', 'pick_heat_then_place_in_recep'],
  ['put a hot tomato in fridge.', 'pick_heat_then_place_in_recep'],
] as const;

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const bank = (line: readonly string[]) => runCli(['bank', ...line]);

beforeAll(async () => {
  const lines = (make: (task: string, taskType: string, i: number) => object) =>
    TASKS.map(([task, taskType], i) => `${JSON.stringify(make(task, taskType, i))}\n`).join('');
  const about = (task: string, taskType: string, i: number) => {
    const home = i === 2 ? { home: 'home-1' } : {};
    return { version: 1, game: `train/task-${i}/trial_1`, task, taskType, ...home, try: 1, seed: 0 };
  };
  writeFileSync(
    file('trajectories.jsonl'),
    lines((...task) => ({
      kind: 'trajectory',
      ...about(...task),
      teacher: 'scripted',
      intro: 'Room.',
      steps: [STEP],
      won: true,
    })),
  );
  writeFileSync(
    file('scripts.jsonl'),
    lines((...task) => ({
      kind: 'script',
      ...about(...task),
      extractor: 'scripted',
      script: { taskName: task[0], guidelines: `Do ${task[0]}` },
    })),
  );
  const files = words`--scripts ${file('scripts.jsonl')} --trajectories ${file('trajectories.jsonl')}`;
  await bank(words`${files} --name test --out ${file('test.bank')}`);
});

describe('duomem bank', () => {
  it('makes a bank and says what it holds', async () => {
    const about = { name: 'test', entries: 3, tasks: 3, scripts: 3, homes: 1, byMaker: { teacher: 3 } };
    expect(await bank(['--bank', file('test.bank')])).toMatchObject({ exit: 0, stderr: '', result: about });
  });

  it('finds the nearest by meaning, the own home first, never the game itself', async () => {
    const task = 'leave a warmed up egg in the refrigerator';
    const asked = await bank(words`--bank ${file('test.bank')} --query ${task} --k 2`);
    expect(asked.result).toMatchObject({
      hits: [{ task: TASKS[1][0] }, { task: TASKS[2][0] }],
      reference: { steps: 1 },
    });
    const there = words`--home home-1 --game task-1/trial_1`;
    const atHome = await bank(words`--bank ${file('test.bank')} --query ${TASKS[1][0]} ${there}`);
    expect(atHome.result).toMatchObject({
      hits: [{ task: TASKS[2][0], ownHome: true }, { task: TASKS[0][0] }],
    });
  });

  it('goes to JSON and back to the same bank', async () => {
    for (const line of [
      words`--bank ${file('test.bank')} --export ${file('test.json')}`,
      words`--import ${file('test.json')} --out ${file('again.bank')}`,
      words`--bank ${file('again.bank')} --export ${file('again.json')}`,
    ])
      expect((await bank(line)).exit).toBe(0);
    expect(readFileSync(file('again.json'), 'utf8')).toBe(readFileSync(file('test.json'), 'utf8'));
  });

  it("refuses the two files in each other's place, and writes nothing", async () => {
    const [scripts, trajectories] = [file('scripts.jsonl'), file('trajectories.jsonl')];
    const out = file('swapped.bank');
    const swapped = await bank(words`--scripts ${trajectories} --trajectories ${scripts} --out ${out}`);
    expect(swapped).toMatchObject({ exit: 3, stderr: expect.stringContaining('The file holds no scripts;') });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses a bank of another embedding model until it is embedded again', async () => {
    const json = readFileSync(file('test.json'), 'utf8');
    // An import embeds again by itself: the foreign bank has to be made in its own format.
    const { parseBankJson } = await import('../memory/bank-json.ts');
    const { formatBank } = await import('../memory/bank-file.ts');
    const { joinVectors } = await import('../memory/vectors.ts');
    const { embedder, vectors, ...rest } = unwrap(parseBankJson(json));
    const foreign = {
      ...rest,
      embedder: { ...embedder, hash: 'another' },
      vectors: joinVectors([...vectors.values()], embedder.dimension),
    };
    writeFileSync(file('foreign.bank'), await formatBank(foreign));
    const refused = await bank(words`--bank ${file('foreign.bank')} --query x`);
    expect(refused).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('was made with the embedding model'),
    });
    const again = await bank(words`--bank ${file('foreign.bank')} --reembed --out ${file('own.bank')}`);
    expect(again).toMatchObject({ exit: 0, result: { embedder } });
    expect((await bank(words`--bank ${file('own.bank')} --query x`)).exit).toBe(0);
  });

  it.each([
    [2, [], 'Name a bank with --bank'],
    [2, ['--scripts', 'a'], 'Name the new bank with --out.'],
    [2, ['--scripts', 'a', '--out', 'b'], 'together'],
    [3, ['--bank', 'nowhere.bank'], "nowhere.bank: The file can't be read"],
    [3, ['--bank', 'package.json'], "package.json, byte 0: This isn't a memory bank file."],
    [3, ['--import', 'README.md', '--out', 'x'], "README.md: The file isn't JSON"],
    [3, ['--evaluate', '--embedder', 'src'], 'The embedding model can'],
  ])('ends with %i for %j', async (exit, line, message) => {
    expect(await bank(line)).toMatchObject({ exit, stderr: expect.stringContaining(message) });
  });
});
