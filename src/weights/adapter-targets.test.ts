import { describe, expect, it } from 'vitest';
import { shape } from '../testing/synthetic-model.ts';
import { parseAdapterConfig } from './adapter-config.ts';
import { formatSafetensors } from './format-safetensors.ts';
import { mergeAdapter } from './peft.ts';
import { tensorShapes } from './qwen3.ts';
import { Safetensors } from './safetensors.ts';

const SHAPES = tensorShapes(
  shape({ vocabSize: 600, hiddenSize: 8, headDim: 4, layers: 3, intermediateSize: 8 }),
);
const WEIGHTS = new Map(
  [...SHAPES].map(([name, sizes]) => [
    name,
    { shape: sizes, data: new Float32Array(sizes.reduce((product, size) => product * size, 1)) },
  ]),
);
const RANK = 2;
const inLayer = (layer: number, ...names: readonly string[]) =>
  names.map((name) => `model.layers.${layer}.self_attn.${name}_proj`);
const inAll = (...names: readonly string[]) => [0, 1, 2].flatMap((layer) => inLayer(layer, ...names));

/** What merging says of an adapter whose file has these modules. */
function merged(fields: object, modules: readonly string[], whole: readonly string[] = []): string {
  const tensors = modules.flatMap((module) => {
    const [rows, columns] = SHAPES.get(`${module}.weight`) as [number, number];
    return [
      { name: `base_model.model.${module}.lora_A.weight`, shape: [RANK, columns] },
      { name: `base_model.model.${module}.lora_B.weight`, shape: [rows, RANK] },
    ];
  });
  for (const module of whole)
    tensors.push({
      name: `base_model.model.${module}.weight`,
      shape: [...(SHAPES.get(`${module}.weight`) as readonly number[])],
    });
  const data = ({ shape: sizes }: { readonly shape: readonly number[] }) =>
    new Float32Array(sizes.reduce((product, size) => product * size, 1));
  const bytes = formatSafetensors(
    tensors.map((one) => ({ ...one, data: data(one) })),
    {},
  );
  const config = parseAdapterConfig(JSON.stringify({ peft_type: 'LORA', r: RANK, lora_alpha: 4, ...fields }));
  if (!config.ok) return `${config.error.code} ${config.error.place}`;
  const file = Safetensors.parse(bytes);
  if (!file.ok) return file.error.code;
  const result = mergeAdapter(WEIGHTS, file.value, config.value);
  return result.ok ? 'ok' : `${result.error.code} ${result.error.place}`;
}
const missing = (module: string | undefined): string => `TENSOR_MISSING ${module}`;

describe('half an adapter', () => {
  const two = { target_modules: ['q_proj', 'v_proj'] };
  const [lost] = inLayer(1, 'v');
  const half = inAll('q', 'v').filter((module) => module !== lost);

  it.each<readonly [what: string, fields: object, unnamed: readonly string[]]>([
    ['by the ends of names', two, []],
    ['by whole names', { target_modules: inAll('q', 'v') }, []],
    ['by a pattern', { target_modules: 'model\\.layers\\.\\d+\\.self_attn\\.(q|v)_proj' }, []],
    ['by a pattern that is too much to match here', { target_modules: '(?=model).*?(q|v)_proj' }, []],
    ['without a word', {}, []],
    ['by layers', { ...two, layers_to_transform: [1, 2] }, inLayer(0, 'q', 'v')],
    [
      'by one layer',
      { ...two, layers_to_transform: 1, layers_pattern: 'layers' },
      [...inLayer(0, 'q', 'v'), ...inLayer(2, 'q', 'v')],
    ],
    ['with others excluded', { ...two, exclude_modules: ['layers.0.self_attn.v_proj'] }, inLayer(0, 'v')],
  ])('is refused: %s', (_, fields, unnamed) => {
    const named = (modules: readonly string[]) => modules.filter((module) => !unnamed.includes(module));
    expect(merged(fields, named(half))).toBe(missing(lost));
    expect(merged(fields, named(inAll('q', 'v')))).toBe('ok');
  });

  it('is refused where a layer is lost, or a kind of matrix in all layers', () => {
    const layers = [...inLayer(0, 'q', 'v'), ...inLayer(2, 'q', 'v')];
    expect(merged(two, layers)).toBe(missing(inLayer(1, 'q')[0]));
    expect(merged(two, inAll('q'))).toBe(missing(inLayer(0, 'v')[0]));
    expect(merged({ target_modules: 'all-linear' }, inAll('q', 'k', 'v', 'o'))).toBe(
      missing('model.layers.0.mlp.gate_proj'),
    );
  });

  it('is refused where a norm of one layer is lost', () => {
    const norms = { ...two, modules_to_save: ['input_layernorm'] };
    const all = [0, 1, 2].map((layer) => `model.layers.${layer}.input_layernorm`);
    expect(merged(norms, inAll('q', 'v'), all)).toBe('ok');
    expect(merged(norms, inAll('q', 'v'), all.slice(1))).toBe(missing(all[0]));
  });

  it("isn't what was meant to be part of the model", () => {
    expect(merged({ ...two, layers_to_transform: [1] }, inLayer(1, 'q', 'v'))).toBe('ok');
    expect(merged({ ...two, layers_to_transform: 1 }, inLayer(1, 'q', 'v'))).toBe('ok');
    expect(merged({ ...two, layers_to_transform: [] }, inAll('q', 'v'))).toBe('ok');
    expect(merged({ ...two, exclude_modules: [lost] }, half)).toBe('ok');
    expect(merged({ ...two, exclude_modules: '.*layers.1.*v_proj' }, half)).toBe('ok');
    expect(merged({ target_modules: half }, half)).toBe('ok');
    expect(merged({ target_modules: ['q_proj'], modules_to_save: ['v_proj'] }, inAll('q'), inAll('v'))).toBe(
      'ok',
    );
  });

  it.each([
    [{ target_modules: 7 }, 'target_modules'],
    [{ target_modules: { q_proj: 1 } }, 'target_modules'],
    [{ target_modules: ['q_proj', 7] }, 'target_modules'],
    [{ exclude_modules: 7 }, 'exclude_modules'],
    [{ layers_to_transform: '1' }, 'layers_to_transform'],
    [{ layers_to_transform: [0, -1] }, 'layers_to_transform'],
  ])('is read from %j alone if it is of the right kind', (fields, place) => {
    expect(merged(fields, inAll('q', 'v'))).toBe(`ADAPTER_VALUE ${place}`);
  });
});

describe('an adapter with tensors for modules that its configuration leaves out', () => {
  const [more] = inLayer(1, 'v');
  const all = inAll('q', 'v');

  it.each<readonly [what: string, fields: object, modules: readonly string[], first: string | undefined]>([
    ['by the ends of names', { target_modules: ['q_proj'] }, [...inAll('q'), more ?? ''], more],
    ['by a pattern', { target_modules: '.*q_proj' }, [...inAll('q'), more ?? ''], more],
    ['by what is excluded', { target_modules: ['q_proj', 'v_proj'], exclude_modules: [more] }, all, more],
    ['by layers', { target_modules: ['v_proj'], layers_to_transform: [0, 2] }, inAll('v'), more],
  ])('is refused: %s', (_, fields, modules, first) => {
    expect(merged(fields, modules)).toBe(`ADAPTER_TENSOR ${first}`);
  });

  it('is read by its tensors where the configuration says nothing that is understood', () => {
    expect(merged({}, all)).toBe('ok');
    expect(merged({ target_modules: '(?=model).*?q_proj' }, all)).toBe('ok');
  });
});
