import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { matchesModule, parseModulePattern } from './module-pattern.ts';

const QUERY = 'model.layers.12.self_attn.q_proj';

function matches(key: string, name: string): boolean {
  const pattern = unwrap(parseModulePattern(key));
  return matchesModule(pattern, name);
}

describe('a pattern', () => {
  // Answers of Python's re.match(rf"(.*\.)?({key})$", name), as peft asks.
  it.each([
    ['q_proj', QUERY, true],
    ['proj', QUERY, false],
    ['self_attn.q_proj', QUERY, true],
    [QUERY, QUERY, true],
    ['model.layers.1.self_attn.q_proj', QUERY, false],
    ['model.layers.1..self_attn.q_proj', QUERY, true],
    ['^self_attn.q_proj', QUERY, false],
    [`^${QUERY}$`, QUERY, true],
    ['.*self_attn.*', QUERY, true],
    ['.*_attn.q_proj', QUERY, true],
    ['attn.q_proj', QUERY, false],
    ['layers\\.\\d+\\.self_attn\\.q_proj', QUERY, true],
    ['layers\\.\\d\\.self_attn\\.q_proj', QUERY, false],
    ['(q|v)_proj', QUERY, true],
    ['(?:k|v)_proj', QUERY, false],
    ['k_proj|q_proj', QUERY, true],
    ['[kqv]_proj', QUERY, true],
    ['[0-9].self_attn.q_proj', QUERY, false],
    ['layers.1[0-9].self_attn.(q|k)_proj$', QUERY, true],
    ['layers.1x?2.self_attn.q_proj', QUERY, true],
    ['', QUERY, false],
    ['lm_head', 'lm_head', true],
  ])('%s on %s: %s', (key, name, expected) => {
    expect(matches(key, name)).toBe(expected);
  });

  it.each([
    '(a|b)*',
    'a**',
    'a{2}',
    '*a',
    '(a',
    'a)',
    'a$b',
    '(^a|b)',
    '\\w+',
    '(?=a)',
    '[^a]',
    'ä',
    `${'(a|b)'.repeat(9)}`,
    'a'.repeat(501),
  ])("that isn't understood is refused: %s", (key) => {
    expect(parseModulePattern(key)).toMatchObject({ ok: false, error: { code: 'PATTERN' } });
  });

  it('is answered at once, however often it may start over', () => {
    expect(matches('.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*x', 'a.'.repeat(100))).toBe(false);
  });
});
