import { expect, test } from 'vitest';
import type { TraceHeader } from '../../agent/trace.ts';
import { namedBy } from './named-by.ts';

function script(id: string, guidelines: string, ownHome = true) {
  return { id, ownHome, script: { guidelines } };
}

const memory = {
  scripts: [
    script('a', 'Mugs are in cabinet 4. Bring one to shelf 1.'),
    script('b', 'Look into cabinet 4.', false),
    script('c', 'Look into cabinet 41.'),
  ],
  trajectory: { id: 't', ownHome: true, trajectory: { steps: [{ action: 'go to shelf 1' }] } },
} as unknown as TraceHeader['memory'];

test('a memory of this home names the place that an action goes to, and no other does', () => {
  expect(namedBy(memory, 'go to cabinet 4')).toEqual({ place: 'cabinet 4', ids: new Set(['a']) });
  expect(namedBy(memory, 'go to shelf 1')?.ids).toEqual(new Set(['a', 't']));
  expect(namedBy(memory, 'go to cabinet 1')).toBeUndefined();
  expect(namedBy(memory, 'open cabinet 4')).toBeUndefined();
  expect(namedBy(undefined, 'go to cabinet 4')).toBeUndefined();
});
