/**
 * The notices that the licences of other people's work ask for, of what really lies in a build: the page's own scripts,
 * its workers' and its fonts, each by the package that it came from. Used by vite.config.ts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** In the build; the view for the device links to it. */
export const NOTICES_FILE = 'third-party-notices.txt';

/** Packages whose code comes inside another one's file, or is written by a tool into ours. */
const INSIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['@huggingface/transformers', ['@huggingface/jinja', '@huggingface/tokenizers']],
  ['@mlc-ai/web-llm', ['loglevel']],
]);
const WRITTEN_BY: readonly (readonly [RegExp, string])[] = [
  [/^\0(?:rolldown|vite\/modulepreload)/, 'rolldown'],
  [/^\0vite\//, 'vite'],
  [/src\/kernels\//, 'assemblyscript'],
];

const MIT = (holder: string): string => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Packages that name their licence and leave out its text. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  [
    'onnxruntime-web',
    `${MIT('Microsoft Corporation')}

The notices of what ONNX Runtime itself is made of aren't part of its package; they stand at
https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt`,
  ],
  ['onnxruntime-common', MIT('Microsoft Corporation')],
]);

/** What the scripts and assets of the page and its workers were made of, while it is built. */
const packages = new Set<string>();

function add(id: string): void {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
  if (name !== undefined) packages.add(name);
  for (const [made, tool] of WRITTEN_BY) if (name === undefined && made.test(id)) packages.add(tool);
}

/** Takes note of what a bundle is made of: for the workers' bundles, which are done before the page's. */
export function noteOrigins(): Plugin {
  return {
    name: 'duomem-note-origins',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const ids = file.type === 'chunk' ? Object.keys(file.modules) : file.originalFileNames;
        for (const id of ids) add(id);
      }
    },
  };
}

/** Writes {@link NOTICES_FILE}. A package whose licence can't be found ends the build. */
export function notices(): Plugin {
  return {
    ...noteOrigins(),
    name: 'duomem-notices',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(options, bundle, isWrite) {
        const note = noteOrigins().generateBundle as (...args: unknown[]) => void;
        note.call(this, options, bundle, isWrite);
        // Copied as it is (scripts/lib/shipped.ts).
        if (Object.keys(bundle).some((name) => name.startsWith('runtime/'))) packages.add('onnxruntime-web');
        for (const name of [...packages]) for (const inner of INSIDE.get(name) ?? []) packages.add(inner);
        const source = [...packages]
          .sort()
          .map(noticeOf)
          .join(`\n\n${'='.repeat(80)}\n\n`);
        this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source: `${INTRODUCTION}${source}\n` });
      },
    },
  };
}

const INTRODUCTION = `This page contains the following works of others, under these licences.\n\n${'='.repeat(80)}\n\n`;

function noticeOf(name: string): string {
  const folder = join(root, 'node_modules', name);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const texts = files
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) && !/\.(js|ts|json)$/.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const text = texts.length > 0 ? texts.join('\n\n') : TEXTS.get(name);
  if (text === undefined)
    throw new Error(`${relative(root, folder)} has no licence text: name it in scripts/lib/notices.ts.`);
  return `${name} ${String(about.version)} (${String(about.license)})\n\n${text}`;
}
