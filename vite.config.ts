/**
 * Builds the page (`vite build`, from src/app/index.html into dist) and runs the unit tests (`vitest`).
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { noteOrigins, notices } from './scripts/lib/notices.ts';
import { pageVersion, repository } from './scripts/lib/page-version.ts';
import { oneRuntime, pocketBytes, shipped } from './scripts/lib/shipped.ts';
import { contentSecurityPolicy, installable, sendHeaders } from './scripts/lib/site.ts';
import { LIVED_IN, lede, modelOf } from './src/app/parts/lede.ts';

/** What the first visit's race says, or less where no student ships. */
function firstLede(): string {
  const bytes = pocketBytes();
  return lede(bytes > 0 ? modelOf(bytes) : 'A household agent', LIVED_IN);
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Every text of the built page goes through src/app/jsx-runtime.ts. */
const PAGE_JSX = 'duomem-page';

export default defineConfig({
  root: here('src/app'),
  // A missing file is answered with 404, not with the front page.
  appType: 'mpa',
  publicDir: here('public'),
  cacheDir: here('node_modules/.vite'),
  // Relative addresses: the page works at the top of a host and in a folder of one alike.
  base: './',
  plugins: [
    { name: 'duomem-lede', transformIndexHtml: (html) => html.replace('%LEDE%', firstLede()) },
    react({ jsxImportSource: PAGE_JSX }),
    shipped(),
    notices(),
    contentSecurityPolicy(),
    sendHeaders(),
    installable(),
  ],
  // ONNX Runtime's files are fetched by their names (scripts/lib/shipped.ts), not bundled a second time.
  resolve: {
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    alias: {
      [`${PAGE_JSX}/jsx-runtime`]: here('src/app/jsx-runtime.ts'),
      [`${PAGE_JSX}/jsx-dev-runtime`]: 'react/jsx-dev-runtime',
    },
  },
  // Nothing is inlined: the content security policy allows no data: scripts, and what is cached is cached by name.
  build: { outDir: here('dist'), emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  // Known when built, so that the first view needs no question to the network.
  define: {
    __POCKET_BYTES__: JSON.stringify(pocketBytes()),
    __PAGE_VERSION__: JSON.stringify(pageVersion()),
    __REPOSITORY__: JSON.stringify(repository()),
  },
  worker: {
    format: 'es',
    plugins: () => [oneRuntime(), noteOrigins()],
    // Named for the list of what is kept offline: web-llm is not, until someone wants the 4B student.
    rolldownOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes('@mlc-ai/web-llm')
            ? 'assets/web-llm-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { fs: { allow: [here('.')] } },
  test: {
    root: here('.'),
    include: [
      'src/**/*.test.{ts,tsx}',
      'scripts/**/*.test.mjs',
      'workers/**/*.test.ts',
      'models/**/*.test.ts',
      'packages/*.test.ts',
    ],
    environment: 'node',
    restoreMocks: true,
    // Much of a test is waiting for a command that it started.
    maxWorkers: '100%',
    // A busy machine is slow, not wrong: this only ends what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
