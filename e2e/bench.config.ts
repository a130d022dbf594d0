/**
 * The runs of `npm run bench`, which says by DUOMEM_BENCH what to measure with which browsers. One measurement a test,
 * so that shards can share them; one at a time, so that none disturbs another.
 */
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { benchTask } from './bench-task.ts';

const { out, projects } = benchTask();
const address = process.env.DUOMEM_URL;

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: join(out, 'browser'),
  workers: 1,
  // Shards are made of tests, not of files.
  fullyParallel: true,
  // A phone-sized GPU, or a software adapter, takes its time.
  timeout: 3_600_000,
  use: { ...(address === undefined ? {} : { baseURL: address }) },
  projects: projects.map(({ name, executablePath, args, headless }) => ({
    name,
    use: { headless, launchOptions: { executablePath, args: [...args] } },
  })),
  webServer: {
    command: 'node scripts/start.mjs --port 0',
    cwd: '..',
    wait: { stdout: /(?<duomem_url>http:\/\/\S+)/ },
    timeout: 600_000,
    gracefulShutdown: { signal: 'SIGINT', timeout: 5000 },
  },
});
