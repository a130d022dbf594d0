/** `npm run kernels`: writes the modules in src/kernels from src/kernels/assembly. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Entry, kernelBinaryText, MODULES } from './lib/compile-kernels.ts';

for (const [entry, { file }] of Object.entries(MODULES) as [Entry, (typeof MODULES)[Entry]][])
  await writeFile(
    fileURLToPath(new URL(`../src/kernels/${file}`, import.meta.url)),
    await kernelBinaryText(entry),
  );
