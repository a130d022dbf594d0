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
  ['@mlc-ai/web-llm', mappedParts('@mlc-ai/web-llm', 'lib/index.js.map')],
]);

/** The packages that a bundled file was made of, as its source map has them. */
function mappedParts(name: string, file: string): string[] {
  const path = join(root, 'node_modules', name, file);
  if (!existsSync(path)) return [];
  const { sources } = JSON.parse(readFileSync(path, 'utf8')) as { readonly sources: readonly string[] };
  return [...new Set(sources.flatMap((source) => packageOf(source) ?? []))];
}

function packageOf(path: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
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

const APACHE = "Under the Apache License, Version 2.0, whose text stands with @mlc-ai/web-llm's.";

/** Packages that come in another one's file only, and aren't installed: whose, and what their own files say. */
const NOT_INSTALLED: ReadonlyMap<
  string,
  { readonly by: string; readonly license: string; readonly text: string }
> = new Map([
  [
    '@mlc-ai/web-runtime',
    {
      by: '@mlc-ai/web-llm',
      license: 'Apache-2.0',
      text: `${APACHE}

Apache TVM
Copyright 2019-2023 The Apache Software Foundation

This product includes software developed at
The Apache Software Foundation (http://www.apache.org/).`,
    },
  ],
  [
    '@mlc-ai/web-tokenizers',
    {
      by: '@mlc-ai/web-llm',
      license: 'Apache-2.0',
      text: `${APACHE}

It wraps the HuggingFace tokenizers library (https://github.com/huggingface/tokenizers, Apache-2.0) and sentencepiece
(https://github.com/google/sentencepiece, Apache-2.0). The notices of what these are made of aren't part of its package;
they stand with its sources at https://github.com/mlc-ai/tokenizers-cpp`,
    },
  ],
  [
    '@mlc-ai/web-xgrammar',
    {
      by: '@mlc-ai/web-llm',
      license: 'Apache-2.0',
      text: `${APACHE}

The notices of what it is made of aren't part of its package; they stand with its sources at
https://github.com/mlc-ai/xgrammar`,
    },
  ],
  [
    'tslib',
    {
      by: '@mlc-ai/web-llm',
      license: '0BSD',
      text: `Copyright (c) Microsoft Corporation.

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.`,
    },
  ],
]);

/** What the scripts and assets of the page and its workers were made of, while it is built. */
const packages = new Set<string>();

function add(id: string): void {
  const name = packageOf(id);
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
  const inside = NOT_INSTALLED.get(name);
  if (inside !== undefined) {
    const version = declaredVersion(inside.by, name);
    return `${[name, version].filter((word) => word !== '').join(' ')} (${inside.license}), as it comes in ${inside.by}\n\n${inside.text}`;
  }
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

/** The version of a package that another one was built with, as far as that says it. */
function declaredVersion(by: string, name: string): string {
  const about = JSON.parse(readFileSync(join(root, 'node_modules', by, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  return (about.dependencies?.[name] ?? about.devDependencies?.[name] ?? '').replace(/^[\^~]/, '');
}
