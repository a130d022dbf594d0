/**
 * The files that the page fetches when it runs: ONNX Runtime, the pocket student, the embedding model, the memory banks,
 * sample runs and SmolLM2's adapter. They keep their names, since libraries ask for them by name; shipped.json says which there are, how large
 * and with which hash, so that the page asks for nothing that isn't there. Used by vite.config.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { convertedTo, sameBytes } from '../../src/weights/onnx-origin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folder in the page, folder here, and what of it is shipped. */
const SOURCES: readonly (readonly [to: string, from: string, wanted: RegExp])[] = [
  ['runtime', 'node_modules/onnxruntime-web/dist', /^ort-wasm-simd-threaded\.(mjs|wasm)$/],
  // Whoever trains a student of their own builds the page around it: DUOMEM_POCKET names its folder.
  [
    'models/pocket',
    process.env.DUOMEM_POCKET ?? 'models/pocket',
    /^(config\.json|tokenizer\.json|self-test\.json|model\.safetensors|(onnx\/)?model(_fp16)?\.onnx)$/,
  ],
  [
    'models/embedder',
    'models/embedder/artifact',
    /^(embedder\.json|config\.json|tokenizer\.json|tokenizer_config\.json|onnx\/model\.onnx)$/,
  ],
  ['models/memory', 'models/memory', /\.bank$/],
  ['models/samples', 'models/samples', /\.zip$/],
  ['models/smollm2', 'models/smollm2/adapter', /^adapter_(config\.json|model\.safetensors)$/],
];

interface Shipped {
  /** Below the page's address. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly file: string;
}

function shippedFiles(): Shipped[] {
  return SOURCES.flatMap(([to, from, wanted]) => {
    const folder = resolve(root, from);
    if (!existsSync(folder)) return [];
    return (readdirSync(folder, { recursive: true }) as string[])
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => wanted.test(name) && statSync(join(folder, name)).isFile())
      .filter((name) => name !== 'model.safetensors' || holdsOneStudent(folder))
      .sort()
      .map((name) => {
        const file = join(folder, name);
        const content = readFileSync(file);
        const sha256 = createHash('sha256').update(content).digest('hex');
        return { path: `${to}/${name}`, bytes: content.length, sha256, file };
      });
  });
}

const judged = new Map<string, boolean>();

/** Whether the page may play the safetensors: only where they are the student that the ONNX file holds. */
function holdsOneStudent(folder: string): boolean {
  const name = ['model_fp16.onnx', 'model.onnx'].find((one) => existsSync(join(folder, one)));
  if (name === undefined) return false;
  const [config, tensors, onnx] = ['config.json', 'model.safetensors', name].map((one) =>
    join(folder, one),
  ) as [string, string, string];
  // Not converted anew for each file that vite's server is asked for.
  const key = [config, tensors, onnx].map((path) => `${path} ${statSync(path).mtimeMs}`).join();
  let same = judged.get(key);
  if (same === undefined) {
    const made = convertedTo(name, readFileSync(config, 'utf8'), readFileSync(tensors));
    same = made.ok && sameBytes(made.value.onnx, readFileSync(onnx));
    judged.set(key, same);
  }
  return same;
}

/** How many bytes the pocket student takes that ships, without its copy for ONNX Runtime; 0 where none is there to ship. */
export function pocketBytes(): number {
  const files = shippedFiles().filter(({ path }) => path.startsWith('models/pocket/'));
  const played = files.filter(({ path }) => !path.endsWith('.onnx'));
  return files.length > played.length ? played.reduce((sum, { bytes }) => sum + bytes, 0) : 0;
}

function list(files: readonly Shipped[]): string {
  return `${JSON.stringify({ files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })) }, undefined, 1)}\n`;
}

export function shipped(): Plugin {
  return {
    name: 'duomem-shipped',
    generateBundle() {
      const files = shippedFiles();
      for (const { path, file } of files) {
        this.emitFile({ type: 'asset', fileName: path, source: readFileSync(file) });
      }
      this.emitFile({ type: 'asset', fileName: 'shipped.json', source: list(files) });
    },
    // The same for vite's own server.
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0]?.replace(/^\//, '') ?? '';
        const files = path.startsWith('runtime/') || path.startsWith('models/') || path === 'shipped.json';
        const found = files ? shippedFiles() : [];
        const one = found.find((file) => file.path === path);
        if (path === 'shipped.json') response.end(list(found));
        else if (one === undefined) next();
        else {
          if (path.endsWith('.mjs')) response.setHeader('Content-Type', 'text/javascript');
          if (path.endsWith('.wasm')) response.setHeader('Content-Type', 'application/wasm');
          response.end(readFileSync(one.file));
        }
      });
    },
  };
}

/** transformers.js asks for the build with WebGPU; the plain one, which is smaller and faster, serves all. */
export function oneRuntime(): Plugin {
  return {
    name: 'duomem-one-runtime',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source !== 'onnxruntime-web/webgpu' || !importer?.includes('@huggingface/transformers'))
        return undefined;
      return this.resolve('onnxruntime-web/wasm', importer, { skipSelf: true });
    },
  };
}
