#!/usr/bin/env node
/** The command of the package, and the engine that the Python package starts: `serve` and `games` of duomem. */
import { runProcess } from '../../../src/cli/program/process.ts';

// Its own list: the whole registry would bring everything that duomem can do into the package.
await runProcess([
  {
    name: 'serve',
    summary: 'play many games for a program',
    load: () => import('../../../src/cli/serve.ts'),
  },
  {
    name: 'games',
    summary: 'count the games of a set',
    load: () => import('../../../src/cli/games.ts'),
  },
]);
