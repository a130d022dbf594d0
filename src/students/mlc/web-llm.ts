/**
 * The seam to @mlc-ai/web-llm (0.2.86): the only file that touches it, and only when a model is opened, since it is
 * several megabytes of code. It reads models from its caches under addresses that exist nowhere
 * (src/weights/download/addresses.ts), so that nothing but what was verified can be loaded, and no network is needed.
 *
 * Two things are read that web-llm keeps to itself: how many tokens its KV cache holds, for honest counters, and its
 * tokenizer, so that a prompt can be kept within the context. And one is changed: web-llm hands the device a whole
 * prompt, in pieces as large as the library takes (1,024 tokens), and hears a stop only behind it. Here the pieces are
 * {@link PIECE} tokens, the device finishes each before it gets the next, and a stop is heard between two.
 */
import { fileAddress, LIBRARY_NAME, modelAddress } from '../../weights/download/addresses.ts';
import { ContextExceeded, type EngineReply, type EngineRequest, type MlcEngine } from './engine.ts';

interface EngineOptions {
  /** The model's id on this device. */
  readonly id: string;
  /** Tokens. */
  readonly contextLimit: number;
  /** How far loading is, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What is looked at, and replaced, inside web-llm's pipeline. */
interface Pipeline {
  readonly filledKVCacheLength: number;
  readonly tokenizer: { encode(text: string): Int32Array };
  /** Tokens of a prompt that are computed at once. */
  prefillChunkSize: number;
  /** Hands such a piece to the device, or a single token that was chosen; doesn't wait for it. */
  embedAndForward(input: unknown, length: number): Promise<unknown>;
  /** Waits for the device. */
  sync(): Promise<void>;
}

/** Tokens of a prompt that the device is given at once: all that is still computed after a stop. */
export const PIECE = 256;

/** The reading of a prompt was ended by a stop. */
class Interrupted extends Error {}

/** Makes a pipeline read prompts in pieces, with a stop heard between two. */
class PromptReader {
  /** Tokens of the prompt that is being read; undefined while none is. */
  tokens: number | undefined;
  #pieces = 0;
  #onPiece: (() => void) | undefined;
  #interrupted = false;

  constructor(pipeline: Pipeline) {
    const forward = pipeline.embedAndForward.bind(pipeline);
    pipeline.prefillChunkSize = Math.min(pipeline.prefillChunkSize, PIECE);
    pipeline.embedAndForward = async (input, length) => {
      if (this.tokens !== undefined) {
        // Without this wait nothing else is heard, and all pieces are the device's before it has finished the first.
        if (this.#pieces++ > 0) await pipeline.sync();
        if (this.#interrupted) throw new Interrupted();
        this.tokens += length;
        this.#onPiece?.();
      }
      return forward(input, length);
    };
  }

  begin(onPiece: (() => void) | undefined): void {
    this.tokens = 0;
    this.#pieces = 0;
    this.#onPiece = onPiece;
    this.#interrupted = false;
  }

  end(): void {
    this.tokens = undefined;
  }

  interrupt(): void {
    this.#interrupted = true;
  }
}

/** Brings web-llm's code here, so that the page's cache keeps it for offline use. */
export async function loadRuntime(): Promise<void> {
  await import('@mlc-ai/web-llm');
}

/** Loads a model onto the GPU. Rejects with web-llm's errors, which may be texts. */
export async function openMlcEngine({ id, contextLimit, onProgress }: EngineOptions): Promise<MlcEngine> {
  const { MLCEngine } = await import('@mlc-ai/web-llm');
  const engine = new MLCEngine({
    appConfig: {
      model_list: [
        {
          model: modelAddress(id),
          model_id: id,
          model_lib: fileAddress(id, LIBRARY_NAME),
          overrides: { context_window_size: contextLimit },
        },
      ],
      cacheBackend: 'cache',
    },
    initProgressCallback: ({ progress }) => onProgress?.(progress),
    logLevel: 'SILENT',
  });
  await engine.reload(id);
  const { loadedModelIdToPipeline } = engine as unknown as {
    readonly loadedModelIdToPipeline: ReadonlyMap<string, Pipeline>;
  };
  // A device that is lost takes the pipeline with it.
  const pipeline = (): Pipeline => {
    const loaded = loadedModelIdToPipeline.get(id);
    if (loaded === undefined) throw new Error('the GPU was lost');
    return loaded;
  };
  const reader = new PromptReader(pipeline());

  const generate = async (
    { messages, maxTokens, thinking }: EngineRequest,
    onText: (soFar: string) => void,
    onPiece: (() => void) | undefined,
  ): Promise<EngineReply> => {
    const running = pipeline();
    reader.begin(onPiece);
    const chunks = await engine.chat.completions.create({
      stream: true,
      stream_options: { include_usage: true },
      // The types ask for each role by itself; a name stands with a user's message only.
      messages: messages as Parameters<typeof engine.chat.completions.create>[0]['messages'],
      max_tokens: maxTokens,
      // Greedily, whatever the model's own configuration says.
      temperature: 0,
      top_p: 1,
      repetition_penalty: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      ...(thinking === undefined ? {} : { extra_body: { enable_thinking: thinking } }),
    });
    let text = '';
    let finish: string | null | undefined;
    let usage = { prompt_tokens: 0, completion_tokens: 0 };
    for await (const chunk of chunks) {
      reader.end();
      const [choice] = chunk.choices;
      text += choice?.delta.content ?? '';
      finish = choice?.finish_reason ?? finish;
      if (chunk.usage) usage = chunk.usage;
      onText(text);
    }
    pipeline();
    return {
      text: await engine.getMessage(),
      finish: finish === 'stop' || finish === 'length' ? finish : 'abort',
      prefilled: usage.prompt_tokens,
      decoded: usage.completion_tokens,
      held: running.filledKVCacheLength,
    };
  };

  /** What was computed of a prompt is thrown away: web-llm doesn't know how far it came. */
  const stoppedReading = async (): Promise<EngineReply> => {
    const prefilled = reader.tokens ?? 0;
    const held = pipeline().filledKVCacheLength;
    await engine.resetChat();
    return { text: '', finish: 'abort', prefilled, decoded: 0, held };
  };

  return {
    countTokens: (text) => pipeline().tokenizer.encode(text).length,
    generate: async (request, onText, onPiece) => {
      try {
        return await generate(request, onText, onPiece);
      } catch (error) {
        if (error instanceof Interrupted) return stoppedReading();
        if (error instanceof Error && error.name === 'ContextWindowSizeExceededError') {
          throw new ContextExceeded(error.message);
        }
        throw error;
      } finally {
        reader.end();
      }
    },
    interrupt: () => {
      reader.interrupt();
      void engine.interruptGenerate();
    },
    get lost() {
      return !loadedModelIdToPipeline.has(id);
    },
    unload: () => engine.unload(),
  };
}
