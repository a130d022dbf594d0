/**
 * Compares a compiled MLC library with plain arithmetic, on request: writes synthetic weights of the library's sizes,
 * converts them as `duomem convert` does, lets web-llm run the library on them in a browser, and compares the scores of
 * all tokens, after a prompt and after one token more (through the KV cache).
 *
 *     npm run -s model:library -- --library Qwen3-0.6B-q4f32_1_cs1k-webgpu.wasm
 *     npm run -s model:library -- --library Qwen2-0.5B-Instruct-q4f32_1-ctx4k_cs1k-webgpu.wasm --web-llm package/lib/index.js
 *
 * Libraries and versions of web-llm belong together: the one that is installed (0.2.86) takes those of v0_2_84 and
 * v0_2_86 of mlc-ai/binary-mlc-llm-libs; 0.2.79 (npm pack @mlc-ai/web-llm@0.2.79) those of v0_2_48. Qwen2 is Qwen3 with
 * biases, which are zeros here, and without norms of queries and keys. A software adapter takes minutes a token.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { convertModel } from '../src/cli/convert.ts';
import { endedAs } from '../src/cli/program/outcome.ts';
import { quietTerminal } from '../src/testing/run-here.ts';
import { shape, writeSyntheticModel } from '../src/testing/synthetic-model.ts';
import { chooseLaunch, findBrowsers } from './bench/browsers.ts';
import { type LibraryMetadata, readMetadata } from './library/metadata.ts';
import { Reference } from './library/reference.ts';

const USAGE = 'Usage: npm run -s model:library -- --library FILE.wasm [--web-llm FILE.js]';
const PROMPT = 'mug';
/** Of the scores' standard deviation: what f32 on a device may round otherwise. A wrong row is off by several. */
const ALLOWED = 0.01;

interface Probed {
  readonly scores: readonly (readonly number[])[];
  readonly chosen: readonly number[];
  /** Bytes of the device's buffers: with the model loaded, and after it was unloaded. */
  readonly loaded: number;
  readonly left: number;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { library, webLlm } = readWords();
  if (library === undefined) return end(2, USAGE);
  for (const file of [library, webLlm])
    if (!existsSync(file)) return end(3, `${file}: There is no such file.`);
  const metadata = readMetadata(readFileSync(library));
  if (!metadata.ok) return end(3, `${library}: ${metadata.error.message}`);
  const { quantization } = metadata.value;
  if (quantization !== 'q4f32_1' && quantization !== 'q0f32') {
    return end(3, `${library}: It computes in ${quantization}; only q4f32_1 and q0f32 can be compared.`);
  }
  const [browser] = findBrowsers([]).found;
  if (browser === undefined) return end(3, 'No Chromium was found: name one in DUOMEM_CHROMIUM.');
  const launch = await chooseLaunch(browser, false);
  if (launch.software) console.error('There is no GPU here: the software adapter takes minutes a token.');

  const folder = mkdtempSync(join(tmpdir(), 'duomem-library-'));
  try {
    const { sizes, parameters } = metadata.value;
    const config = shape({ ...sizes, ropeTheta: 1_000_000 });
    writeSyntheticModel(join(folder, 'base'), config, { seed: 1, dtype: 'BF16', shardBytes: 4e9 });
    const model = join(folder, 'model');
    const request = {
      base: join(folder, 'base'),
      strength: 1,
      quantization,
      f32: 'bf16',
      out: model,
    } as const;
    const converted = endedAs(await convertModel(request, quietTerminal()));
    if (converted.exit !== 0) return end(converted.exit, converted.message ?? 'The conversion failed.');
    const missing = addBiases(model, parameters);
    if (missing.length > 0) return end(1, `The library wants otherwise: ${missing.slice(0, 5).join('; ')}.`);

    const probed = await run(launch, { model, library, webLlm });
    const normed = parameters.has('model.layers.0.self_attn.q_norm.weight');
    return compare(probed, new Reference(model, sizes, { ropeTheta: config.ropeTheta, normed }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readWords() {
  const options = { library: { type: 'string' }, 'web-llm': { type: 'string' } } as const;
  try {
    const { library, 'web-llm': webLlm } = parseArgs({ options }).values;
    const installed = fileURLToPath(import.meta.resolve('@mlc-ai/web-llm')).replace(
      /index\.\w+$/,
      'index.js',
    );
    return { library, webLlm: webLlm ?? installed };
  } catch {
    return { library: undefined, webLlm: '' };
  }
}

function end(exit: number, message: string): number {
  console.error(message);
  return exit;
}

/** Adds what only Qwen2 has to the folder, and the list's older name; what else the library finds wanting. */
function addBiases(model: string, parameters: LibraryMetadata['parameters']): string[] {
  const list = JSON.parse(readFileSync(join(model, 'tensor-cache.json'), 'utf8'));
  const here = new Map<string, string>();
  for (const { records } of list.records) {
    for (const { name, dtype, shape: sizes } of records) here.set(name, `${dtype} ${sizes.join(' x ')}`);
  }
  const wanting = [...parameters].filter(([name, kind]) => here.get(name) !== kind);
  const biases = wanting.filter(([name]) => name.endsWith('.c_attn.bias') && !here.has(name));
  let nbytes = 0;
  const records = biases.map(([name, kind]) => {
    const length = Number(kind.split(' ')[1]);
    nbytes += 4 * length;
    const byteOffset = nbytes - 4 * length;
    return { name, shape: [length], dtype: 'float32', format: 'raw', nbytes: 4 * length, byteOffset };
  });
  if (nbytes > 0) {
    const dataPath = `params_shard_${list.records.length}.bin`;
    writeFileSync(join(model, dataPath), Buffer.alloc(nbytes));
    list.records.push({ dataPath, format: 'raw-shard', nbytes, records });
  }
  for (const name of ['tensor-cache.json', 'ndarray-cache.json']) {
    writeFileSync(join(model, name), JSON.stringify(list));
  }
  return wanting
    .filter((one) => !biases.includes(one))
    .map(([name, kind]) => `${name} is ${here.get(name) ?? 'missing'}, not ${kind}`);
}

async function run(
  launch: Awaited<ReturnType<typeof chooseLaunch>>,
  { model, library, webLlm }: { readonly model: string; readonly library: string; readonly webLlm: string },
): Promise<Probed> {
  const files: Readonly<Record<string, string>> = {
    'probe.mjs': fileURLToPath(new URL('./library/probe.mjs', import.meta.url)),
    'web-llm.mjs': webLlm,
    'library.wasm': library,
  };
  const server = createServer((request, response) => {
    const [name = ''] = (request.url ?? '').slice(1).split('?');
    const path = files[name] ?? join(model, basename(name));
    if (name === '') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>');
    else if (!existsSync(path)) response.writeHead(404).end();
    else {
      const type = name.endsWith('.mjs') ? 'text/javascript' : 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type }).end(readFileSync(path));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({ ...launch, args: [...launch.args] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.exposeFunction('tell', (line: string) => console.error(line));
    await page.goto(address);
    const options = {
      webLlm: '/web-llm.mjs',
      model: address,
      library: `${address}library.wasm`,
      prompt: PROMPT,
    };
    // As text: what this file is compiled to doesn't run in a page.
    const script = `import('/probe.mjs').then(({ probe }) => probe({ ...${JSON.stringify(options)}, tell }))`;
    return (await page.evaluate(script)) as Probed;
  } finally {
    await browser.close();
    server.close();
  }
}

function compare({ scores, chosen, loaded, left }: Probed, reference: Reference): number {
  // The tokenizer of a synthetic model has the bytes as its first tokens.
  const tokens = [...new TextEncoder().encode(PROMPT)];
  let [worst, same] = [0, true];
  for (const [i, found] of scores.entries()) {
    const expected = reference.next([...tokens, ...chosen.slice(0, i)]);
    const mean = expected.reduce((a, b) => a + b, 0) / expected.length;
    const spread = Math.sqrt(expected.reduce((a, b) => a + (b - mean) ** 2, 0) / expected.length);
    const difference = expected.reduce((a, b, t) => Math.max(a, Math.abs(b - (found[t] ?? Infinity))), 0);
    worst = Math.max(worst, difference / spread);
    same &&= expected.indexOf(expected.reduce((a, b) => Math.max(a, b))) === chosen[i];
  }
  const agrees = scores.length > 0 && same && worst < ALLOWED;
  const result = {
    steps: scores.length,
    scores: scores[0]?.length,
    largestDifference: worst,
    sameTokens: same,
  };
  console.log(JSON.stringify({ ...result, gpuBytes: loaded, gpuBytesAfterUnload: left, agrees }));
  return agrees ? 0 : 1;
}
