import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatManifest,
  isPath,
  MANIFEST_LIMITS,
  type Manifest,
  parseManifest,
  totalBytes,
} from './manifest.ts';

const DIGEST = 'ab'.repeat(32);
const SAMPLE: Manifest = {
  kind: 'mlc',
  model: 'Tiny-Qwen3-q4f16_1',
  architecture: 'qwen3',
  quantization: 'q4f16_1',
  parameters: { model: 24_000, adapter: 512 },
  files: [
    { path: 'mlc-chat-config.json', bytes: 812, sha256: DIGEST },
    { path: 'params_shard_0.bin', bytes: 13_536, sha256: 'cd'.repeat(32) },
  ],
};

/** The sample's text with some fields replaced, signed as a stranger could. */
function signed(change: object): string {
  const fields = { ...JSON.parse(formatManifest(SAMPLE)), digest: '0'.repeat(64), ...change };
  const text = JSON.stringify(fields);
  return text.replace('0'.repeat(64), createHash('sha256').update(text).digest('hex'));
}
const file = (change: object): object => ({ files: [{ ...SAMPLE.files[0], ...change }] });
const codeOf = (text: string): string => {
  const result = parseManifest(text);
  return result.ok ? 'ok' : result.error.code;
};

const segment = fc.stringMatching(/^[A-Za-z0-9_-]([A-Za-z0-9._-]{0,10}[A-Za-z0-9_-])?$/);
const manifests: fc.Arbitrary<Manifest> = fc.record({
  kind: fc.constant('mlc' as const),
  model: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/),
  architecture: fc.constant('qwen3'),
  quantization: fc.constantFrom('q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'),
  parameters: fc.record({ model: fc.nat(), adapter: fc.nat() }),
  files: fc
    .uniqueArray(
      fc.record({
        path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
        bytes: fc.nat(),
        sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
      }),
      { minLength: 1, maxLength: 8, selector: ({ path }) => path.toLowerCase() },
    )
    .map((files) => files.sort((a, b) => (a.path < b.path ? -1 : 1))),
});

describe('formatManifest and parseManifest', () => {
  it('undo each other', () => {
    fc.assert(
      fc.property(manifests, (manifest) => {
        const text = formatManifest(manifest);
        expect(parseManifest(text)).toEqual({ ok: true, value: manifest });
        expect(formatManifest({ ...manifest, files: [...manifest.files].reverse() })).toBe(text);
      }),
    );
  });

  it('add up the files', () => {
    expect(totalBytes(SAMPLE)).toBe(14_348);
  });

  it('find every bit that is flipped in the text', () => {
    const bytes = new TextEncoder().encode(formatManifest(SAMPLE));
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      if (parseManifest(new TextDecoder().decode(damaged)).ok) throw new Error(`bit ${bit} was missed`);
    }
  });

  it('allow what a later writer of this version adds, under the digest', () => {
    expect(codeOf(signed({ note: 'x' }))).toBe('ok');
    expect(codeOf(signed({ note: 'x' }).replace('"x"', '"y"'))).toBe('MANIFEST_DIGEST');
  });
});

describe('parseManifest refuses', () => {
  it.each([
    ['nothing', '', 'MANIFEST_JSON'],
    ['a list', '[]', 'MANIFEST_JSON'],
    ['nesting without end', '['.repeat(1_000_000), 'MANIFEST_JSON'],
    ['a huge text', ' '.repeat(MANIFEST_LIMITS.textBytes + 1), 'MANIFEST_TOO_LARGE'],
    ['another format', signed({ format: 'x' }), 'MANIFEST_VALUE'],
    ['a later version', signed({ version: 2 }), 'MANIFEST_VERSION'],
    ['an unknown kind', signed({ kind: 'toString' }), 'MANIFEST_VALUE'],
    ['a quantization of another kind', signed({ quantization: 'bf16' }), 'MANIFEST_VALUE'],
    ['a name with a slash', signed({ model: 'a/b' }), 'MANIFEST_VALUE'],
    ["a name that isn't a text", signed({ model: 1 }), 'MANIFEST_VALUE'],
    ['no architecture', signed({ architecture: '' }), 'MANIFEST_VALUE'],
    ['no parameters', signed({ parameters: null }), 'MANIFEST_VALUE'],
    ['negative parameters', signed({ parameters: { model: -1, adapter: 0 } }), 'MANIFEST_VALUE'],
    ['no files', signed({ files: [] }), 'MANIFEST_VALUE'],
    ['too many files', signed({ files: Array(MANIFEST_LIMITS.files + 1).fill(0) }), 'MANIFEST_VALUE'],
    ['a file that is null', signed({ files: [null] }), 'MANIFEST_PATH'],
    ['a negative size', signed(file({ bytes: -1 })), 'MANIFEST_VALUE'],
    ['a size with a fraction', signed(file({ bytes: 1.5 })), 'MANIFEST_VALUE'],
    ['an endless size', signed(file({ bytes: 2 ** 60 })), 'MANIFEST_VALUE'],
    ['upper-case digits', signed(file({ sha256: 'AB'.repeat(32) })), 'MANIFEST_VALUE'],
    ['the manifest in its own list', signed(file({ path: 'manifest.json' })), 'MANIFEST_PATH'],
    [
      'one file twice, in another case',
      signed({ files: [SAMPLE.files[0], { ...SAMPLE.files[0], path: 'MLC-chat-config.json' }] }),
      'MANIFEST_PATH',
    ],
    ['no digest', signed({ digest: undefined }), 'MANIFEST_DIGEST'],
    ['a digest of something else', formatManifest(SAMPLE).replace('812', '813'), 'MANIFEST_DIGEST'],
  ])('%s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('files that are larger in all than any model', () => {
    const files = Array.from({ length: 8 }, (_, i) => ({ path: `p${i}`, bytes: 2 ** 38, sha256: DIGEST }));
    expect(codeOf(signed({ files }))).toBe('MANIFEST_VALUE');
  });

  it.each([
    '../a',
    'a/../b',
    '..',
    '.',
    './a',
    '/a',
    'a//b',
    'a/',
    '',
    'a\\b',
    'C:a',
    'a\0',
    'a b',
    '.hidden',
    'a.',
    'ä',
    'a'.repeat(201),
  ])('the path %j', (path) => {
    expect(isPath(path)).toBe(false);
    expect(codeOf(signed(file({ path })))).toBe('MANIFEST_PATH');
  });

  it('or takes anything, without throwing', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((fields) => signed(fields)),
    );
    fc.assert(fc.property(anything, (text) => void parseManifest(text)));
  });
});
