import { describe, expect, it } from 'vitest';
import { ok, unwrap } from '../base/result.ts';
import type { Embedder } from './embedder.ts';
import { type EvaluationData, evaluateEmbedder, parseEvaluation, type Query } from './evaluate.ts';
import { WordOverlap } from './word-overlap.ts';

/** 24 tasks of 3 types over 8 objects; the teacher's top 10 are the first ten. */
const TYPES = ['heat', 'clean', 'put'];
const OBJECTS = ['egg', 'mug', 'cup', 'pan', 'pot', 'book', 'pen', 'cd'];
const BANK = TYPES.flatMap((taskType) =>
  OBJECTS.map((object) => ({ text: `${taskType} ${object}`, taskType, object })),
);
const query = (fields: Partial<Query>): Query => ({
  set: 'official',
  text: 'heat egg',
  taskType: 'heat',
  object: 'egg',
  teacher: BANK.slice(0, 10).map((_, i) => i),
  ...fields,
});

/** Vectors that say the type and the object, in that order of weight. */
const exact: Embedder = {
  identity: { name: 'exact', hash: 'x', dimension: 11 },
  embed: async (texts) =>
    ok(
      texts.map((text) => {
        const [type = '', object = ''] = text.split(' ');
        const vector = new Float32Array(11);
        vector[TYPES.indexOf(type)] = 0.8;
        vector[3 + OBJECTS.indexOf(object)] = 0.6;
        return vector;
      }),
    ),
};

describe('the evaluation of an embedder', () => {
  it('counts shares of the top 10', async () => {
    const data: EvaluationData = {
      bank: BANK,
      queries: [query({}), query({ set: 'other', text: 'put cd', taskType: 'put', object: 'cd' })],
    };
    const [official, other] = unwrap(await evaluateEmbedder(data, exact));
    // Eight tasks are of the type, then come the two others of the object.
    expect(official?.systems.embedder).toEqual({
      agreement: 0.9,
      type: 0.8,
      object: 0.3,
      both: 0.1,
      first: 1,
    });
    expect(official?.ceiling).toBe(0.1);
    expect(other?.systems.embedder).toEqual({ agreement: 0.1, type: 0.8, object: 0.3, both: 0.1, first: 1 });
    expect(other?.systems.teacher).toEqual({ agreement: 1, type: 0, object: 0.1, both: 0, first: 0 });
  });

  it.each([
    '',
    '[]',
    '{"bank":[],"queries":[{}]}',
    '{"bank":[{"text":"a","taskType":"b"}],"queries":[]}',
    JSON.stringify({ bank: BANK, queries: [query({ teacher: [24] })] }),
    JSON.stringify({ bank: BANK, queries: [query({ teacher: [] })] }),
  ])('refuses %s', (text) => {
    expect(parseEvaluation(text)).toMatchObject({ ok: false, error: { code: 'EVALUATION_SHAPE' } });
  });
});

describe('word overlap', () => {
  it('prefers rare words, and keeps the order of equals', () => {
    const words = new WordOverlap([
      'put a mug in shelf.',
      'put a cup in shelf.',
      'put a mug in sofa.',
      'put a pen in desk.',
    ]);
    expect(words.top('a pen, please', 2)).toEqual([3, 0]);
    expect(words.top('MUG in sofa', 4)).toEqual([2, 0, 1, 3]);
    expect(words.top('nothing known', 2)).toEqual([0, 1]);
  });
});
