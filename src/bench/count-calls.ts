/**
 * Counts what a program asks of WebGPU, by standing in front of the methods of the platform's own objects; and watches
 * how many bytes of buffers there are. Needs no knowledge of the library that calls them.
 */

export interface GpuCalls {
  readonly dispatches: number;
  readonly submits: number;
  /** From buffer to buffer. */
  readonly copies: number;
  /** From the CPU's memory. */
  readonly writes: number;
  readonly readBacks: number;
}

/** Class and method of the platform, and what a call counts as. */
const COUNTED: readonly (readonly [string, string, keyof GpuCalls])[] = [
  ['GPUComputePassEncoder', 'dispatchWorkgroups', 'dispatches'],
  ['GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', 'dispatches'],
  ['GPUQueue', 'submit', 'submits'],
  ['GPUCommandEncoder', 'copyBufferToBuffer', 'copies'],
  ['GPUQueue', 'writeBuffer', 'writes'],
  ['GPUBuffer', 'mapAsync', 'readBacks'],
];

type Method = (this: unknown, ...values: unknown[]) => unknown;
type Scope = Readonly<Record<string, unknown>>;

/** Counts from now until it is stopped. */
export function countGpuCalls(scope: Scope = globalThis as unknown as Scope): { stop(): GpuCalls } {
  const calls = { dispatches: 0, submits: 0, copies: 0, writes: 0, readBacks: 0 };
  const restore = COUNTED.map(([type, method, kind]) =>
    wrap(scope, type, method, (original) => {
      return function (this: unknown, ...values) {
        calls[kind]++;
        return original.apply(this, values);
      };
    }),
  );
  return {
    stop() {
      for (const undo of restore) undo();
      return { ...calls };
    },
  };
}

/** Watches from now on, for good. Sizes are those that were asked for. */
export function watchGpuMemory(scope: Scope = globalThis as unknown as Scope): { peak(): number } {
  const sizes = new WeakMap<object, number>();
  let bytes = 0;
  let peak = 0;
  wrap(scope, 'GPUDevice', 'createBuffer', (original) => {
    return function (this: unknown, ...values) {
      const buffer = original.apply(this, values) as object;
      const { size } = values[0] as { readonly size: number };
      sizes.set(buffer, size);
      bytes += size;
      peak = Math.max(peak, bytes);
      return buffer;
    };
  });
  wrap(scope, 'GPUBuffer', 'destroy', (original) => {
    return function (this: unknown, ...values) {
      bytes -= sizes.get(this as object) ?? 0;
      sizes.delete(this as object);
      return original.apply(this, values);
    };
  });
  return { peak: () => peak };
}

/** Puts another method in a class's place; returns how to put the old one back. */
function wrap(scope: Scope, type: string, name: string, around: (original: Method) => Method): () => void {
  const { prototype } = (scope[type] ?? {}) as { readonly prototype?: Record<string, unknown> };
  const original = prototype?.[name];
  if (prototype === undefined || typeof original !== 'function') return () => {};
  prototype[name] = around(original as Method);
  return () => {
    prototype[name] = original;
  };
}
