/** Compiles src/kernels/assembly with AssemblyScript. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const SOURCE = fileURLToPath(new URL('../../src/kernels/assembly', import.meta.url));

/** The modules, of inference and of training: the file that each is written to, and what its builds' names begin with. */
export const MODULES = {
  'index.ts': { file: 'binary.ts', prefix: '' },
  'training.ts': { file: 'training-binary.ts', prefix: 'TRAINING_' },
} as const;
export type Entry = keyof typeof MODULES;

/** The bytes of one build. Throws with the compiler's words where the source is wrong. */
async function compileKernels(entry: Entry, relaxed: boolean): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options: string[] = [entry, '--baseDir', SOURCE, '-o', 'kernels.wasm', '-O3', '--noAssert'];
  options.push('--runtime', 'stub', '--importMemory', '--enable', 'simd');
  if (relaxed) options.push('--enable', 'relaxed-simd');
  const { error, stderr } = await asc.main(options, {
    readFile: (name, folder) => readFile(join(folder, name), 'utf8').catch(() => null),
    writeFile: (_, content) => {
      if (typeof content !== 'string') binary = content;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  if (binary === undefined) throw new Error('The compiler wrote nothing.');
  return binary;
}

/** The text of a module's file in src/kernels. */
export async function kernelBinaryText(entry: Entry): Promise<string> {
  const lines = [
    '/** What assembly/ compiles to, in base64. Written by `npm run kernels`; a test compiles it again. */',
  ];
  for (const [name, relaxed] of [
    ['SIMD', false],
    ['RELAXED', true],
  ] as const) {
    const base64 = Buffer.from(await compileKernels(entry, relaxed)).toString('base64');
    lines.push(`export const ${MODULES[entry].prefix}${name} =\n  '${base64}';`);
  }
  return `${lines.join('\n\n')}\n`;
}
