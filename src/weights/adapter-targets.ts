/**
 * Which modules an adapter says that it changes (target_modules, exclude_modules and layers_to_transform in
 * adapter_config.json, as peft reads them: tuners/tuners_utils.py, check_target_module_exists), held against those that
 * its file changes: what was lost on the way would leave half an adapter, which merges without a word, and what belongs to
 * another configuration would be merged though it never took part in the training.
 */
import { type Fields, isCount } from '../base/json-fields.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { saysNothing } from './config-keys.ts';
import { type ModulePattern, matchesModule, parseModulePattern } from './module-pattern.ts';

/** Modules by the ends of their names, or by a pattern for whole names. */
type Modules = { readonly ends: readonly string[] } | { readonly pattern: ModulePattern };

export interface AdapterTargets {
  /** Undefined where the configuration doesn't say it in a way that is understood here. */
  readonly modules: Modules | undefined;
  readonly excluded: Modules;
  /** Undefined: all. */
  readonly layers: readonly number[] | undefined;
}

/** Every projection within a layer, as peft has it: all linear modules but the head. */
const ALL_LINEAR = 'all-linear';

export function parseAdapterTargets(fields: Fields): Parsed<AdapterTargets, 'ADAPTER_VALUE'> {
  for (const key of ['target_modules', 'exclude_modules', 'layers_pattern']) {
    const value = fields[key];
    if (!saysNothing(value) && typeof value !== 'string' && !isTexts(value))
      return refuse('ADAPTER_VALUE', `${key} must be a text or a list of texts.`, key);
  }
  const given = fields.layers_to_transform ?? [];
  const layers = Array.isArray(given) ? given : [given];
  if (!layers.every((layer): layer is number => isCount(layer)))
    return refuse(
      'ADAPTER_VALUE',
      'layers_to_transform must be the number of a layer, or a list of such numbers.',
      'layers_to_transform',
    );
  const modules = modulesOf(fields.target_modules);
  const excluded = saysNothing(fields.exclude_modules) ? { ends: [] } : modulesOf(fields.exclude_modules);
  // The layers of the architectures here are in `layers`; an adapter that looks for them elsewhere is read by its tensors.
  const elsewhere = !saysNothing(fields.layers_pattern) && ![fields.layers_pattern].flat().includes('layers');
  return ok({
    modules: excluded === undefined || elsewhere ? undefined : modules,
    excluded: excluded ?? { ends: [] },
    layers: layers.length === 0 ? undefined : layers,
  });
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function modulesOf(value: unknown): Modules | undefined {
  if (isTexts(value)) return { ends: value };
  if (typeof value !== 'string') return undefined;
  const pattern = parseModulePattern(value === ALL_LINEAR ? '.*_proj' : value);
  // A pattern stands for whole names.
  return pattern.ok ? { pattern: pattern.value.map((one) => ({ ...one, whole: true })) } : undefined;
}

/**
 * The first matrix that the adapter should change and doesn't; undefined where there is none.
 * @param matrices names of the base's matrices, without `.weight`
 * @param changed those of them that the adapter's file changes
 * @param saved ends of the names of modules that are in the file whole (modules_to_save)
 */
export function missingTarget(
  targets: AdapterTargets,
  matrices: readonly string[],
  changed: ReadonlySet<string>,
  saved: readonly string[],
): string | undefined {
  // Where nothing is said: what is changed in one layer is changed in all of them.
  const kinds = new Set([...changed].map(kindOf).filter((kind) => kind !== undefined));
  return matrices.find((name) => {
    if (changed.has(name) || leavesOut(targets, name)) return false;
    if (saved.some((end) => `.${name}.`.includes(`.${end}.`))) return false;
    const kind = kindOf(name);
    const { modules } = targets;
    return modules === undefined ? kind !== undefined && kinds.has(kind) : includes(modules, name);
  });
}

/** The first matrix that the adapter's file changes by two tensors and its configuration doesn't name: peft leaves it as it is. */
export function untargeted(targets: AdapterTargets, changed: readonly string[]): string | undefined {
  const { modules } = targets;
  return changed.find(
    (name) => leavesOut(targets, name) || (modules !== undefined && !includes(modules, name)),
  );
}

function leavesOut({ excluded, layers }: AdapterTargets, name: string): boolean {
  return includes(excluded, name) || (layers !== undefined && !layers.includes(layerOf(name) ?? -1));
}

function includes(modules: Modules, name: string): boolean {
  return 'pattern' in modules
    ? matchesModule(modules.pattern, name)
    : modules.ends.some((end) => name === end || name.endsWith(`.${end}`));
}

const IN_LAYER = /\.layers\.(\d+)\.(.+)$/;

function layerOf(name: string): number | undefined {
  const layer = IN_LAYER.exec(name)?.[1];
  return layer === undefined ? undefined : Number(layer);
}

/** What a matrix is within its layer. */
function kindOf(name: string): string | undefined {
  return IN_LAYER.exec(name)?.[2];
}
