/** What the page brings along, and how large it is, as a view shows it. */
import type { Result } from '../base/result.ts';
import { type ShippedFile, shippedFiles } from '../service/shipped.ts';
import { useAnswer } from './parts/use-answer.ts';

/** The pocket student's own files; its ONNX file is fetched only where ONNX Runtime plays it. */
export const POCKET_FILES = /^models\/pocket\/(?!.*\.onnx$)/;

/** The files of the page that shipped.json lists; undefined until the host has answered. */
export function useShippedParts(): Result<readonly ShippedFile[]> | undefined {
  return useAnswer([], () => shippedFiles(document.baseURI));
}

/** Bytes of those whose path matches. */
export function shippedBytes(parts: readonly ShippedFile[], path: RegExp): number {
  return parts.reduce((sum, part) => sum + (path.test(part.path) ? part.bytes : 0), 0);
}
