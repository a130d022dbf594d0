/**
 * Builds the page (`vite build`, from src/app/index.html into dist) and runs the unit tests (`vitest`).
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('src/app'),
  publicDir: here('public'),
  cacheDir: here('node_modules/.vite'),
  // Relative addresses: the page works at the top of a host and in a folder of one alike.
  base: './',
  plugins: [react()],
  build: { outDir: here('dist'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
  server: { fs: { allow: [here('.')] } },
  test: {
    root: here('.'),
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs', 'workers/**/*.test.ts'],
    environment: 'node',
    restoreMocks: true,
    // A busy machine is slow, not wrong: this only ends what hangs.
    testTimeout: 120_000,
  },
});
