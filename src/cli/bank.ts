import { MAKERS } from '../memory/entry.ts';
import {
  about,
  bench,
  build,
  evaluateEmbedding,
  exportJson,
  importJson,
  query,
  reembed,
} from './banks/bank-work.ts';
import { openEmbedder, readBankFile } from './files/bank-files.ts';
import { clockOf } from './measuring/clock.ts';
import { choiceOf, defineSubcommand, wholeNumber } from './program/command.ts';
import { done, wrongUsage } from './program/outcome.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .option('--scripts <file>', 'make a bank: scripts that duomem extract wrote')
      .option('--trajectories <file>', 'make a bank: trajectories that duomem collect wrote')
      .option('--name <name>', 'make a bank: its name', 'official')
      .option(
        '--maker <who>',
        'make a bank: whose scripts these are',
        choiceOf(...MAKERS),
        'teacher' as const,
      )
      .option('--import <json>', 'make a bank from the JSON that --export wrote')
      .option('--out <file>', 'the bank that is made')
      .option('--bank <file>', 'the bank to use; alone, its contents are summed up')
      .option('--export <json>', 'write the bank as JSON for people')
      .option('--reembed', 'make the bank again, in --out, with the embedding model in use')
      .option('--query <task>', 'the memories nearest to a task description')
      .option('--k <n>', 'how many', wholeNumber(1, 1000), 10)
      .option('--home <name>', "with this home's own memories first")
      .option('--game <key>', 'leave out those made from this game')
      .option('--evaluate', 'compare the embedding model with its teacher and plain word overlap')
      .option('--bench', 'how long reading, embedding and searching take')
      .option(
        '--clock <kind>',
        'with --bench: wall, or cpu on a busy machine',
        choiceOf('wall', 'cpu'),
        'wall' as const,
      )
      .option(
        '--embedder <folder>',
        'an embedding model in place of the one that ships; hub:owner/name@revision downloads it',
      )
      .addHelpText(
        'after',
        `
Formats: src/memory/FORMAT.md. Results: a bank made or looked at {"name","entries","tasks","scripts","homes",
"embedder","byTaskType","byMaker"} and its "bytes"; --query {"task","hits","reference"}; --evaluate {"embedder",
"tasks","sets"}; --bench {"bytes","entries","parse","index","sentence","search","searchPaper"} in milliseconds.`,
      ),
  outputs: { out: 'new', export: 'new' },
  run: async (options, terminal) => {
    const { scripts, trajectories, out, bank: path } = options;
    const embedder = () => openEmbedder(options.embedder);
    if (scripts !== undefined || trajectories !== undefined || options.import !== undefined) {
      if (out === undefined) return wrongUsage('Name the new bank with --out.');
      const model = await embedder();
      if (!model.ok) return model;
      if (options.import !== undefined) return importJson(options.import, out, model.value);
      if (scripts === undefined || trajectories === undefined) {
        return wrongUsage('A bank is made from --scripts and --trajectories together.');
      }
      const { name, maker } = options;
      return build({ scripts, trajectories, name, maker, out }, model.value, terminal);
    }
    if (options.evaluate) {
      const model = await embedder();
      return model.ok ? evaluateEmbedding(model.value, terminal) : model;
    }
    if (path === undefined) return wrongUsage('Name a bank with --bank, or make one: see --help.');
    const bank = await readBankFile(path);
    if (!bank.ok) return bank;
    if (options.export !== undefined) return exportJson(bank.value, options.export);
    if (options.query === undefined && !options.bench && !options.reembed) return done(about(bank.value));
    const model = await embedder();
    if (!model.ok) return model;
    if (options.reembed) {
      return out === undefined
        ? wrongUsage('Name the new bank with --out.')
        : reembed(bank.value, out, model.value);
    }
    if (options.bench) {
      const now = clockOf(options.clock);
      return bench(bank.value, model.value, terminal, now);
    }
    const { k, home, game } = options;
    return query(bank.value, options.query ?? '', { k, home, game }, model.value, terminal);
  },
});
