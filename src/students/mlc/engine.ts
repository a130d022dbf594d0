/** What the 4B student needs of its runtime. web-llm.ts has it from @mlc-ai/web-llm; tests have small ones. */
import type { Role } from '../../agent/prompt.ts';

export interface EngineMessage {
  readonly role: Role;
  readonly content: string;
  /** Stands in place of the template's role: web-llm writes it as it is. */
  readonly name?: string;
}

export interface EngineRequest {
  readonly messages: readonly EngineMessage[];
  /** Tokens at most, those of an empty thinking block included. */
  readonly maxTokens: number;
  /** Undefined for models that know no thinking. */
  readonly thinking: boolean | undefined;
}

export interface EngineReply {
  /** As the runtime keeps it, thinking blocks included. */
  readonly text: string;
  readonly finish: 'stop' | 'length' | 'abort';
  /** Tokens of the prompt that were computed. */
  readonly prefilled: number;
  /** Tokens that were chosen, the end of the turn included. */
  readonly decoded: number;
  /** Tokens in the KV cache afterwards; the last token that was chosen isn't among them. */
  readonly held: number;
}

/** One model on one device. It keeps one conversation in its KV cache: the latest. */
export interface MlcEngine {
  countTokens(text: string): number;
  /**
   * Rejects when the device fails; calls may not overlap.
   * @param onPiece the device has computed a piece of the prompt
   */
  generate(
    request: EngineRequest,
    onText: (soFar: string) => void,
    onPiece?: () => void,
  ): Promise<EngineReply>;
  /** Ends the reply after the token, or the piece of a prompt, that is being computed. */
  interrupt(): void;
  /** The device is gone, and the model with it: a new engine has to be opened. */
  readonly lost: boolean;
  /** Frees the device's memory. */
  unload(): Promise<void>;
}

/** A conversation is longer than the model's context. */
export class ContextExceeded extends Error {}
