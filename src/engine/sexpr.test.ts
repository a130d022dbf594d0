import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblem, parseProblem } from './problem.ts';
import { formatSExpr, parseSExpr, type SExpr } from './sexpr.ts';

const symbol = fc.stringMatching(/^[a-z?:=_-][a-z0-9?:=_-]{0,8}$/);
const { list } = fc.letrec<{ expr: SExpr; list: SExpr[] }>((tie) => ({
  expr: fc.oneof({ maxDepth: 6, withCrossShrink: true }, symbol, tie('list')),
  list: fc.array(tie('expr'), { maxLength: 5 }),
}));

describe('parseSExpr', () => {
  test('undoes formatSExpr', () => {
    fc.assert(
      fc.property(list, (expr) => {
        const parsed = parseSExpr(formatSExpr(expr));
        expect(parsed.ok && parsed.value).toEqual(expr);
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('(', ')', ';', '\n', ' ', 'a') }),
        (text) => typeof parseSExpr(text).ok === 'boolean',
      ),
    );
  });

  test('drops comments and case', () => {
    const parsed = parseSExpr('(Define ; a comment with (parentheses\n (X))');
    expect(parsed.ok && parsed.value).toEqual(['define', ['x']]);
  });

  test('says where a parenthesis is wrong', () => {
    const parsed = parseSExpr('(a\n  b))', 'pddl_problem');
    expect(!parsed.ok && parsed.error.place).toBe('pddl_problem, line 2 column 5');
  });
});

describe('parseProblem', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
  const problem = fc.record({
    name,
    objects: fc.uniqueArray(fc.tuple(name, name), { selector: ([id]) => id, maxLength: 8 }),
    init: fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
    goal: list,
  });

  test('undoes formatProblem', () => {
    fc.assert(
      fc.property(problem, (data) => {
        const parsed = parseProblem(formatProblem(data));
        expect(parsed.ok && parsed.value).toEqual(data);
      }),
    );
  });
});
