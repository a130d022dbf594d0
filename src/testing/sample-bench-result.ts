/** A result for tests. */
import { BENCH_VERSION, type BenchResult } from '../bench/bench-file.ts';
import { METHOD } from '../bench/profile.ts';

export const SAMPLE: BenchResult = {
  format: 'duomem-bench',
  version: BENCH_VERSION,
  method: METHOD,
  profile: 'full',
  taken: '2026-11-20',
  page: { version: '0.1.0', commit: 'abcdef1', date: '2026-11-20T10:00:00Z' },
  device: {
    browser: { name: 'Chromium', version: '156.0.8078.79', mode: 'headless' },
    os: { name: 'Linux', version: '' },
    threads: 8,
    label: '',
    power: { mains: true, level: 1 },
    powerPreference: 'default',
    adapter: {
      vendor: 'intel',
      architecture: 'gen-12lp',
      device: '',
      description: '',
      fallback: false,
      features: ['shader-f16', 'subgroups'],
      limits: { maxBufferSize: 1073741824 },
    },
  },
  weights: { pocket: 'a'.repeat(64), games: 'b'.repeat(64) },
  figures: [
    { subject: 'gpu', name: 'copy', samples: [4e10, 5e10, 6e10] },
    { subject: 'gpu', name: 'dispatch', samples: [5e-6] },
    { subject: 'gpu', name: 'read-back', samples: [2e-4] },
    {
      subject: 'pocket/webgpu',
      name: 'decode',
      context: 512,
      samples: [500, 600, 550],
      work: { bytes: 8e6, dispatches: 97, readBacks: 1, submits: 9, copies: 4, writes: 97 },
    },
    { subject: 'pocket/wasm', name: 'decode', context: 512, samples: [200] },
    { subject: 'transformers.js/wasm', name: 'decode', context: 512, samples: [100] },
  ],
  invalid: [],
  notes: [],
};
