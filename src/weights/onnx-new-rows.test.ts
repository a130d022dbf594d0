// That a runtime takes what is made here, and computes the same by it, is in students/pocket/onnx.test.ts.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLOAT, INT64, OnnxGraph } from './onnx-graph.ts';
import { withNewRows } from './onnx-new-rows.ts';
import { readFields } from './protobuf-reader.ts';

function small(axis: number, concat = 'Concat'): Uint8Array {
  const graph = new OnnxGraph('f32');
  graph.input('input_ids', INT64, ['batch', 'new']);
  for (const kind of ['key', 'value']) {
    graph.input(`past_key_values.0.${kind}`, FLOAT, ['batch', 2, 'past', 8]);
    graph.node(concat, [`past_key_values.0.${kind}`, `new_${kind}`], `present.0.${kind}`, { axis });
  }
  return graph.model('small');
}

describe("the new tokens' rows", () => {
  test('are found in the student that ships, whose file stays as it is in front of what is added', () => {
    const file = readFileSync(fileURLToPath(new URL('../../models/pocket/model_fp16.onnx', import.meta.url)));
    const found = withNewRows(file);
    expect([...(found?.outputs.keys() ?? [])].slice(0, 3)).toEqual(['0.key', '0.value', '1.key']);
    expect(file.equals(found?.model.subarray(0, file.length) ?? new Uint8Array())).toBe(true);
    const [last] = readFields(found?.model ?? new Uint8Array())?.slice(-1) ?? [];
    const names = (readFields(last?.bytes ?? new Uint8Array()) ?? []).map(({ bytes }) =>
      new TextDecoder().decode(readFields(bytes)?.[0]?.bytes),
    );
    expect(names).toEqual([...(found?.outputs.values() ?? [])]);
  });

  test('are what is put behind the old ones, along the tokens', () => {
    expect(withNewRows(small(2))?.outputs).toEqual(
      new Map([
        ['0.key', 'new_key'],
        ['0.value', 'new_value'],
      ]),
    );
    expect(withNewRows(small(-2))?.outputs.size).toBe(2);
  });

  test("aren't claimed where the graph is made otherwise", () => {
    expect(withNewRows(small(1))).toBeUndefined();
    expect(withNewRows(small(2, 'Add'))).toBeUndefined();
    expect(withNewRows(new Uint8Array())).toBeUndefined();
  });

  test('are looked for in any bytes at all without a fault', () => {
    const whole = small(2);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        withNewRows(whole.slice(0, at));
        const damaged = whole.slice();
        damaged[at] = byte;
        withNewRows(damaged);
        expect(readFields(Uint8Array.of(0x0a, 0x7f, byte))).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => withNewRows(bytes) === undefined));
  });
});
