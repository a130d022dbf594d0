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

export const registry: readonly Entry[] = [
  { name: 'games', summary: 'count the games of a set', load: () => import('../games.ts') },
  {
    name: 'replay',
    summary: 'replay recorded episodes of the real engine and compare',
    load: () => import('../replay.ts'),
  },
  {
    name: 'speed',
    summary: 'measure how fast the engine is',
    load: () => import('../speed.ts'),
  },
  { name: 'play', summary: 'play a game yourself, in the terminal', load: () => import('../play.ts') },
  {
    name: 'serve',
    summary: 'play many games for a program, in Python or any language',
    load: () => import('../serve.ts'),
  },
  {
    name: 'collect',
    summary: "collect a teacher's successful trajectories",
    load: () => import('../collect.ts'),
  },
  {
    name: 'extract',
    summary: 'write a script for each trajectory',
    load: () => import('../extract.ts'),
  },
  {
    name: 'conversations',
    summary: 'write trajectories as conversations to train a student on',
    load: () => import('../conversations.ts'),
  },
  {
    name: 'bank',
    summary: 'make, search and measure memory banks',
    load: () => import('../bank.ts'),
  },
  { name: 'generate', summary: 'generate homes and write their games', load: () => import('../generate.ts') },
  {
    name: 'eval',
    summary: 'play every game of a split and measure a student',
    load: () => import('../eval.ts'),
  },
  {
    name: 'archive',
    summary: 'pack runs and episodes into a file that the page imports',
    load: () => import('../archive.ts'),
  },
  {
    name: 'why',
    summary: 'say which memory a decision came from',
    load: () => import('../why.ts'),
  },
  {
    name: 'fetch',
    summary: 'download the base of the SmolLM2 student',
    load: () => import('../fetch.ts'),
  },
  {
    name: 'distil',
    summary: 'train an adapter of the pocket student on trajectories, here',
    load: () => import('../distil.ts'),
  },
  {
    name: 'merge',
    summary: 'merge a LoRA adapter into a Qwen3 student',
    load: () => import('../merge.ts'),
  },
  {
    name: 'convert',
    summary: 'write MLC weights for the 4B student, with an adapter merged in',
    load: () => import('../convert.ts'),
  },
  {
    name: 'verify',
    summary: 'check every byte of a folder of weights against its manifest',
    load: () => import('../verify.ts'),
  },
  {
    name: 'replay-trace',
    summary: 'play traces again through the engine, without a model',
    load: () => import('../replay-trace.ts'),
  },
  {
    name: 'tables',
    summary: "make the paper's tables for the pocket student",
    load: () => import('../tables.ts'),
  },
];
