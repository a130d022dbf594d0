/**
 * A page that runs the pocket weights through transformers.js as it comes from the registry, its own bundle with ONNX
 * Runtime inside: what one would pick without this project. Served with the headers that the project's page has, so
 * that clocks are equally fine.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADERS } from '../../scripts/lib/site.ts';
import { closeServer } from '../../src/testing/close-server.ts';
import { TYPES } from '../static-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pocket = process.env.DUOMEM_POCKET ?? join(root, 'models/pocket');
const WEIGHTS = join(pocket, 'model_fp16.onnx');

/** Address and file. The weights are stored in f16 and compute in f32, which the library would call a f32 model. */
const FILES: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^\/$/, () => join(root, 'e2e/baseline/index.html')],
  [/^\/(page|worker)\.js$/, (name) => join(root, `e2e/baseline/${name}.js`)],
  [
    /^\/transformers\.js$/,
    () => join(root, 'node_modules/@huggingface/transformers/dist/transformers.min.js'),
  ],
  [/^\/runtime\/([\w.-]+)$/, (name) => join(root, 'node_modules/onnxruntime-web/dist', name)],
  [/^\/models\/pocket\/onnx\/model\.onnx$/, () => WEIGHTS],
  [/^\/models\/pocket\/(\w+\.json)$/, (name) => join(pocket, name)],
];

export interface BaselineServer {
  readonly address: string;
  /** SHA-256 of the weights. */
  readonly weights: string;
  stop(): Promise<void>;
}

export async function serveBaseline(): Promise<BaselineServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    for (const [pattern, fileOf] of FILES) {
      const found = pattern.exec(path);
      if (found === null) continue;
      const file = fileOf(found[1] ?? '');
      try {
        const content = readFileSync(file);
        const type = TYPES[extname(file)] ?? 'application/octet-stream';
        response
          .writeHead(200, { ...HEADERS, 'Content-Security-Policy': '', 'Content-Type': type })
          .end(content);
      } catch {
        response.writeHead(404).end();
      }
      return;
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}/`,
    weights: createHash('sha256').update(readFileSync(WEIGHTS)).digest('hex'),
    stop: () => closeServer(server),
  };
}
