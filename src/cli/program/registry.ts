/**
 * Every subcommand: its name, the line that `--help` shows, and where it is. Modules are loaded only when they are
 * called for, so that the command starts fast whatever the others need.
 */
import type { Subcommand } from './command.ts';

export interface Entry {
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly subcommand: Subcommand }>;
}

const SUBCOMMANDS: readonly (readonly [Entry['name'], Entry['summary'], Entry['load']])[] = [
  ['games', 'count the games of a set', () => import('../games.ts')],
  ['replay', 'replay recorded episodes of the real engine and compare', () => import('../replay.ts')],
  ['speed', 'measure how fast the engine is', () => import('../speed.ts')],
  ['play', 'play a game yourself, in the terminal', () => import('../play.ts')],
  ['serve', 'play many games for a program, in Python or any language', () => import('../serve.ts')],
  ['collect', "collect a teacher's successful trajectories", () => import('../collect.ts')],
  ['extract', 'write a script for each trajectory', () => import('../extract.ts')],
  [
    'conversations',
    'write trajectories as conversations to train a student on',
    () => import('../conversations.ts'),
  ],
  ['bank', 'make, search and measure memory banks', () => import('../bank.ts')],
  ['generate', 'generate homes and write their games', () => import('../generate.ts')],
  ['eval', 'play every game of a split and measure a student', () => import('../eval.ts')],
  ['archive', 'pack runs and episodes into a file that the page imports', () => import('../archive.ts')],
  ['why', 'say which memory a decision came from', () => import('../why.ts')],
  ['fetch', 'download the base of the SmolLM2 student', () => import('../fetch.ts')],
  ['distil', 'train an adapter of the pocket student on trajectories, here', () => import('../distil.ts')],
  ['merge', 'merge a LoRA adapter into a Qwen3 student', () => import('../merge.ts')],
  [
    'convert',
    'write MLC weights for the 4B student, with an adapter merged in',
    () => import('../convert.ts'),
  ],
  ['verify', 'check every byte of a folder of weights against its manifest', () => import('../verify.ts')],
  [
    'replay-trace',
    'play traces again through the engine, without a model',
    () => import('../replay-trace.ts'),
  ],
  ['tables', "make the paper's tables for the pocket student", () => import('../tables.ts')],
];

export const registry: readonly Entry[] = SUBCOMMANDS.map(([name, summary, load]) => ({
  name,
  summary,
  load,
}));
