/**
 * web-llm's GPU runtime (TVM), small and without a GPU: what stands in where web-llm would begin to run a compiled
 * library. Everything above it is the real package: its caches, its tokenizer, its conversations, when it keeps its
 * KV cache and when it clears it, its sampling loop, its figures. Also below: lists and shards are read by web-llm's
 * own code.
 *
 * Plain text without imports, since the browser tests put it into the page's own chunk of web-llm:
 * {@link patchWebLlm} in patch-web-llm.ts does.
 */
/**
 * A tensor that knows only what was put into it.
 * @typedef {{
 *   shape: number[], dtype: string, data: ArrayLike<number>, bytes: number,
 *   copyFrom(other: Tensor | ArrayLike<number>): Tensor, copyFromRawBytes(bytes: Uint8Array): void,
 *   view(shape: number[]): Tensor, toArray(): ArrayLike<number>, dispose(): void,
 * }} Tensor
 */
Reflect.set(
  globalThis,
  'duomemStub',
  (() => {
    /** What the student says; the n-th reply after n conversations' turns, the last for ever. */
    const replies = ['Thought: I look around.\nAction: look'];
    const state = {
      replies,
      /** Tokens in the KV cache of the latest engine. */
      tokens: /** @type {number[]} */ ([]),
      /** Lengths of what was computed at once, in order: prompts, and single tokens. */
      forwards: /** @type {number[]} */ ([]),
      /** Engines that were started and not freed. */
      engines: 0,
      opened: 0,
      /** Bytes of weights that came out of web-llm's caches, by the name of the tensor. */
      weights: /** @type {Map<string, number>} */ (new Map()),
      loseDevice: () => {},
      /** Called when the device is given something to compute. */
      onForward: () => {},
      instantiate,
      detect,
      wasi: () => undefined,
    };
    const TURN_START = 257;
    const TURN_END = 258;

    /** The next token: the reply's next byte, with one token a byte. */
    function next() {
      const { tokens } = state;
      const start = tokens.lastIndexOf(TURN_START);
      const said = new TextDecoder().decode(
        Uint8Array.from(tokens.slice(start + 1).map((t) => (t < 256 ? t : 0))),
      );
      const spoken = said.slice('assistant\n'.length).replace(/^\0\n\n\0\n\n/, '');
      const turn = tokens.slice(0, start).filter((token) => token === TURN_START).length;
      const reply =
        replies[Math.min(Math.floor(turn / 2), replies.length) - 1] ?? replies[replies.length - 1] ?? '';
      const bytes = new TextEncoder().encode(reply);
      const at = new TextEncoder().encode(spoken).length;
      return bytes[at] ?? TURN_END;
    }

    /**
     * @param {number[]} shape
     * @param {string} dtype
     * @param {ArrayLike<number>} data
     * @returns {Tensor}
     */
    function tensor(shape, dtype, data) {
      return {
        shape,
        dtype,
        data,
        bytes: 0,
        copyFrom(other) {
          this.data = 'data' in other ? other.data : other;
          return this;
        },
        copyFromRawBytes(bytes) {
          this.bytes = bytes.length;
        },
        view(other) {
          return tensor(other, dtype, this.data);
        },
        toArray() {
          return this.data;
        },
        dispose() {},
      };
    }

    /**
     * A function of the library's, as web-llm holds them.
     * @template {Function} T
     * @param {T} run
     */
    function packed(run) {
      return Object.assign(run, { dispose() {} });
    }

    async function detect() {
      let lose = () => {};
      const lost = new Promise((/** @type {(info: object) => void} */ resolve) => {
        lose = () => resolve({ reason: 'unknown', message: 'lost in a test' });
      });
      state.loseDevice = lose;
      return {
        adapter: {},
        adapterInfo: { description: 'a stub', vendor: 'test' },
        device: {
          lost,
          features: new Set(['shader-f16']),
          limits: { maxStorageBufferBindingSize: 2 ** 30 },
        },
      };
    }

    /** @param {{ Instance: { prototype: object } }} runtime web-llm's own */
    async function instantiate(runtime) {
      // As on a device, other tasks have their turn meanwhile.
      const device = { deviceType: 15, sync: () => new Promise((resolve) => setTimeout(resolve)) };
      const cache = { tokens: /** @type {number[]} */ ([]), dispose() {} };
      state.tokens = cache.tokens;
      state.engines++;
      state.opened++;
      const clear = () => {
        cache.tokens.length = 0;
      };
      const forward = packed((/** @type {Tensor} */ embedding) => {
        state.forwards.push(embedding.data.length);
        state.onForward();
        cache.tokens.push(...Array.from(embedding.data));
        return { get: () => tensor([1, 1, 4], 'float32', [next()]) };
      });
      /** @type {Record<string, Function>} */
      const functions = {
        _metadata: packed(() => ({
          toString: () =>
            JSON.stringify({
              params: [...state.weights.keys()].map((name) => ({ name })),
              prefill_chunk_size: 1024,
            }),
        })),
        embed: packed((/** @type {Tensor} */ input) =>
          tensor([input.data.length, 8], 'float32', Array.from(input.data)),
        ),
        prefill: forward,
        decode: forward,
        create_tir_paged_kv_cache: packed(() => cache),
        sample_with_top_p: packed((/** @type {Tensor} */ sorted) => tensor([1], 'int32', sorted.data)),
        argsort_probs: packed((/** @type {Tensor} */ probs) => ({ get: () => probs })),
        softmax_with_temperature: packed((/** @type {Tensor} */ logits) => logits),
        apply_bitmask_inplace: packed(() => {}),
        apply_penalty_inplace: packed(() => {}),
        apply_logit_bias_inplace: packed(() => {}),
      };
      /** @type {Record<string, Function>} */
      const globals = { 'vm.builtin.kv_state_clear': packed(clear) };
      // web-llm's own class below: its way of reading lists and shards is what is tested.
      return Object.assign(Object.create(runtime.Instance.prototype), {
        env: { logger: () => {} },
        initProgressCallback: /** @type {Function[]} */ ([]),
        registerInitProgressCallback(/** @type {Function} */ listen) {
          this.initProgressCallback.push(listen);
        },
        initWebGPU() {},
        webgpu: () => device,
        cpu: () => ({ deviceType: 1 }),
        beginScope() {},
        endScope() {},
        withNewScope: (/** @type {Function} */ run) => run(),
        detachFromCurrentScope: (/** @type {unknown} */ value) => value,
        attachToCurrentScope: (/** @type {unknown} */ value) => value,
        empty: (/** @type {number[]} */ shape, /** @type {string} */ dtype) => tensor(shape, dtype, []),
        uniform: () => tensor([1], 'float32', [0]),
        makeShapeTuple: (/** @type {number[]} */ shape) => shape,
        tensorCacheUpdate: (/** @type {string} */ name, /** @type {Tensor} */ array) =>
          state.weights.set(name, array.bytes),
        getParamsFromCacheByName: () => ({ dispose() {} }),
        getGlobalFunc: (/** @type {string} */ name) => globals[name] ?? packed(() => {}),
        createVirtualMachine: () => ({
          getFunction(/** @type {string} */ name) {
            if (functions[name] === undefined) throw new Error(`no function ${name}`);
            return functions[name];
          },
          getInternalModule: () => ({}),
          dispose() {},
        }),
        asyncLoadWebGPUPipelines: async () => {},
        setSeed() {},
        dispose() {
          state.engines--;
        },
      });
    }

    return state;
  })(),
);
