/** `duomem distil`: a teacher's trajectories, distilled into a LoRA adapter of a pocket student by kernels of our own. */
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { ok, type Result, refuse } from '../base/result.ts';
import { round } from '../base/statistics.ts';
import { runsHere } from '../kernels/load.ts';
import { dimensionsOf } from '../kernels/model.ts';
import { PROJECTIONS, type Projection } from '../kernels/trained-matrices.ts';
import { type Sequence, Trainer } from '../kernels/trainer.ts';
import { parseTokenizer } from '../students/pocket/tokenizer.ts';
import { formatAdapter } from '../students/practice/adapter-file.ts';
import { lessonSequence } from '../students/practice/lesson.ts';
import { oldSequences } from '../students/practice/old-skills.ts';
import {
  DEFAULT_PRACTICE,
  loraShape,
  Practice,
  type PracticeSettings,
} from '../students/practice/practice.ts';
import { parseTrajectories } from '../teacher/trajectory.ts';
import { parseQwen3Config, parseQwen3Weights } from '../weights/qwen3.ts';
import { readParsed } from './files/bank-files.ts';
import { makeFolder } from './files/make-folder.ts';
import { writeNewFile } from './files/new-file.ts';
import { writeRefusal } from './files/read-failure.ts';
import { defineSubcommand, number, wholeNumber } from './program/command.ts';
import { type CommandEnd, done, interrupted } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';
import { POCKET_FOLDER, readPocketFile } from './students/open-pocket.ts';

const WEIGHTS = 'adapter_model.safetensors';
const CONFIG = 'adapter_config.json';

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--trajectories <file>', 'JSON Lines file that duomem collect wrote')
      .requiredOption('--out <folder>', `for ${CONFIG} and ${WEIGHTS}, as peft writes them`)
      .option('--base <folder>', 'pocket student (model.safetensors); otherwise the one that ships')
      .option('--rank <r>', 'of the adapter', wholeNumber(1, 256), DEFAULT_PRACTICE.rank)
      .option(
        '--alpha <a>',
        'what is added is multiplied with alpha / r; 2 r unless given',
        number(0.01, 4096),
      )
      .option(
        '--targets <names>',
        `which matrices: ${PROJECTIONS.join(',')}`,
        targets,
        DEFAULT_PRACTICE.targets,
      )
      .option('--rate <n>', 'of AdamW, at its highest', number(1e-7, 1), DEFAULT_PRACTICE.rate)
      .option('--steps <n>', 'batches', wholeNumber(1, 100_000), DEFAULT_PRACTICE.steps)
      .option('--batch <n>', 'trajectories in a batch', wholeNumber(1, 256), DEFAULT_PRACTICE.batch)
      .option('--old <n>', 'episodes of old skills in a batch', wholeNumber(0, 256), DEFAULT_PRACTICE.old)
      .option(
        '--seed <n>',
        'seed of the initial weights and of the order',
        wholeNumber(0),
        DEFAULT_PRACTICE.seed,
      )
      .addHelpText('after', HELP),
  outputs: { out: [] },
  run: async (options, terminal): Promise<CommandEnd> => {
    const { trajectories, out, base, alpha, rank } = options;
    const { targets, rate, steps, batch, old, seed } = options;
    const file = await readParsed(trajectories, parseTrajectories);
    if (!file.ok) return file;
    const won = file.value.trajectories.filter((one) => one.won && one.steps.length > 0);
    const student = await openBase(resolve(base ?? POCKET_FOLDER));
    if (!student.ok) return student;
    const { tokenizer, limit } = student.value;
    const lessons = won
      .map((one) => lessonSequence(one, tokenizer))
      .filter(({ tokens }) => tokens.length <= limit);
    if (lessons.length === 0) {
      const message = 'The file holds no successful trajectories that fit in the context.';
      return refuse('TRAJECTORIES_NONE', message, trajectories);
    }
    const settings = { rank, alpha: alpha ?? 2 * rank, targets, rate, steps, batch, old, seed };
    return distil(lessons, student.value, settings, out, terminal);
  },
});

function targets(text: string): readonly Projection[] {
  const names = text.split(',').map((name) => PROJECTIONS.find((one) => one === name.trim()));
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length || new Set(known).size < known.length)
    throw new InvalidArgumentError(`Give some of ${PROJECTIONS.join(',')}, each once.`);
  return known;
}

type Base = Awaited<ReturnType<typeof openBase>> extends Result<infer T> ? T : never;

/** Codes: MODEL_MISSING, MODEL_UNREADABLE, and those of the files. */
async function openBase(root: string) {
  const [config, tokenizer, model] = [
    await readPocketFile(root, 'config.json'),
    await readPocketFile(root, 'tokenizer.json'),
    await readPocketFile(root, 'model.safetensors'),
  ];
  if (!config.ok) return config;
  if (!tokenizer.ok) return tokenizer;
  if (!model.ok) return model;
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const shape = parseQwen3Config(decode(config.value));
  if (!shape.ok) return shape;
  const words = parseTokenizer(decode(tokenizer.value));
  if (!words.ok) return words;
  const weights = parseQwen3Weights(model.value, shape.value);
  if (!weights.ok) return weights;
  const dimensions = dimensionsOf(shape.value);
  return ok({
    root,
    dimensions,
    limit: dimensions.contextLimit,
    tokenizer: words.value,
    weights: weights.value,
  });
}

async function distil(
  lessons: readonly Sequence[],
  { root, dimensions, weights, tokenizer, limit }: Base,
  settings: PracticeSettings,
  out: string,
  { progress, signal }: Terminal,
): Promise<CommandEnd> {
  const longest = Math.max(limit / 4, ...lessons.map(({ tokens }) => tokens.length));
  const build = runsHere('relaxed') ? 'relaxed' : 'simd';
  const trainer = await Trainer.create(dimensions, weights, loraShape(settings), { longest, build });
  const practice = new Practice(trainer, lessons, oldSequences(tokenizer, longest), settings);
  const began = performance.now();
  const spent = process.cpuUsage();
  const losses: number[] = [];
  let tokens = 0;
  while (!practice.over) {
    if (signal.aborted) return interrupted('Stopped; nothing was written.', { steps: practice.done });
    const step = await practice.step(() => new Promise(setImmediate));
    losses.push(step.loss);
    tokens += step.tokens;
    const old = Number.isNaN(step.oldLoss) ? '' : `, of old skills ${step.oldLoss.toFixed(3)}`;
    progress(`${step.step} of ${settings.steps} batches, loss ${step.loss.toFixed(3)}${old}`);
  }
  const { user, system } = process.cpuUsage(spent);
  const written = await write(out, formatAdapter(loraShape(settings), practice.adapter, root));
  if (!written.ok) return written;
  const tenth = Math.max(1, Math.round(losses.length / 10));
  const mean = (some: readonly number[]): number => round(some.reduce((a, b) => a + b, 0) / some.length, 4);
  return done({
    episodes: lessons.length,
    steps: settings.steps,
    tokens,
    seconds: round((performance.now() - began) / 1000, 1),
    processorSeconds: round((user + system) / 1e6, 1),
    parameters: trainer.matrices.parameters,
    memoryBytes: trainer.memoryBytes,
    lossAtFirst: mean(losses.slice(0, tenth)),
    lossAtLast: mean(losses.slice(-tenth)),
  });
}

async function write(
  out: string,
  files: { readonly config: string; readonly weights: Uint8Array },
): Promise<Result<true>> {
  try {
    await makeFolder(out);
  } catch (error) {
    return writeRefusal(error, out);
  }
  const weights = await writeNewFile(join(out, WEIGHTS), files.weights);
  return weights.ok ? writeNewFile(join(out, CONFIG), files.config) : weights;
}

const HELP = `
Learnt are the replies of won trajectories, as a student without memories in its prompt would have to give them; replies
that did nothing aren't. Episodes of old skills (tasks of generated homes that nothing is measured in, solved by the
scripted teacher) are practised along, so that they aren't lost.
The adapter is peft's: 'duomem merge --adapter' and peft load it.

Examples:
  duomem collect --games chores --split homes --out taught.jsonl
  duomem distil --trajectories taught.jsonl --out adapter
  duomem merge --base models/pocket --adapter adapter --out student
  duomem eval --games others --split homes --memory none --model student --out runs/practised

Result: {"episodes","steps","tokens","seconds","processorSeconds","parameters","memoryBytes","lossAtFirst","lossAtLast"};
losses are nats a learnt token, means of the first and the last tenth of the batches.`;
