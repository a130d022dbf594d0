/** What the page brings along, and how large it is, as a view shows it. */
import { useEffect, useState } from 'react';
import type { Result } from '../base/result.ts';
import { type ShippedFile, shippedFiles } from '../service/shipped.ts';

/** The pocket student's own files; its ONNX file is fetched only where ONNX Runtime plays it. */
export const POCKET_FILES = /^models\/pocket\/(?!.*\.onnx$)/;

/** The files of the page that shipped.json lists; undefined until the host has answered. */
export function useShippedParts(): Result<readonly ShippedFile[]> | undefined {
  const [parts, setParts] = useState<Result<readonly ShippedFile[]>>();
  useEffect(() => {
    let wanted = true;
    void shippedFiles(document.baseURI).then((files) => {
      if (wanted) setParts(files);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return parts;
}

/** Bytes of those whose path matches. */
export function shippedBytes(parts: readonly ShippedFile[], path: RegExp): number {
  return parts.reduce((sum, part) => sum + (path.test(part.path) ? part.bytes : 0), 0);
}
