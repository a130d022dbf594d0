/** `npm run kernels`: writes src/kernels/binary.ts from src/kernels/assembly. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { kernelBinaryText } from './lib/compile-kernels.ts';

await writeFile(
  fileURLToPath(new URL('../src/kernels/binary.ts', import.meta.url)),
  await kernelBinaryText(),
);
