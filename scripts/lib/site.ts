/**
 * What the built page carries besides its code: the content security policy, the manifest of the installed page and
 * the list of what is kept for working offline. Used by vite.config.ts.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { SiteFile } from '../../src/protocol/site.ts';

/** No other host, no inline code, no eval; WebAssembly may be compiled. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "font-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * The worker that fetches models may ask other hosts, which it does after a click: the hubs of
 * the registry, and whatever address the user gives. Scripts of their own file have their own policy, so that the page
 * and its other workers stay as strict as above.
 */
const MODELS_POLICY = CONTENT_SECURITY_POLICY.replace(
  "connect-src 'self'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
);
/** Its file in the build. */
const MODELS_WORKER = /^\/?(?:.*\/)?assets\/models-[\w-]+\.js$/;

/** Headers that `npm start` sends, and that a host should send where it can. The page works without them. */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Puts the policy into the page itself, for hosts that send no headers. Only when built: vite's own server needs more. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'duomem-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Sends the headers with `vite preview`: those of {@link HEADERS}, and the models' worker its own policy. */
export function sendHeaders(): Plugin {
  return {
    name: 'duomem-headers',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
        if (MODELS_WORKER.test(path)) response.setHeader('Content-Security-Policy', MODELS_POLICY);
        next();
      });
    },
  };
}

const MANIFEST = {
  id: 'duomem',
  name: 'DuoMem',
  short_name: 'DuoMem',
  description: 'A household agent that remembers, in your browser: nothing leaves the tab.',
  lang: 'en',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#e9eef2',
  theme_color: '#13224a',
  icons: [
    { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
    // The drawing keeps clear of the outer tenth on every side.
    { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
};

/** Fonts in the older format are for browsers that can't run the rest. */
const NOT_KEPT = /\.(woff|map)$|^service-worker\.js$/;
/**
 * Large, and only for who has use for them, so kept when they have been asked for once: the student's weights as ONNX
 * Runtime reads them, web-llm, which only the 4B student needs, and SmolLM2's adapter.
 */
const ON_DEMAND = /^models\/pocket\/.*\.onnx$|^assets\/web-llm-.*\.js$|^models\/smollm2\//;

/** Whether a file of the build is kept once it was asked for, and not from the start. */
export const isOnDemand = (path: string): boolean => ON_DEMAND.test(path);

/** Every file of the build in this folder that the service worker keeps, with its digest. */
export function siteFiles(folder: string): SiteFile[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !NOT_KEPT.test(name) && statSync(join(folder, name)).isFile())
    .sort()
    .map((path) => {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex');
      return { path, sha256, ...(isOnDemand(path) ? { onDemand: true as const } : {}) };
    });
}

/** The manifest of the installed page, and the service worker, built with the list of all other files in it. */
export function installable(): Plugin {
  let folder = '';
  return {
    name: 'duomem-installable',
    apply: 'build',
    configResolved: ({ root, build: { outDir } }) => {
      folder = resolve(root, outDir);
    },
    transformIndexHtml: () => [
      { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: JSON.stringify(MANIFEST) });
    },
    // Not before everything else lies there.
    closeBundle: { order: 'post', sequential: true, handler: () => buildServiceWorker(folder) },
  };
}

/** Builds the service worker for the page that lies in this folder, into it. */
export async function buildServiceWorker(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    publicDir: false,
    logLevel: 'warn',
    define: { __SITE_FILES__: JSON.stringify(siteFiles(folder)) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      lib: {
        entry: 'workers/service-worker.ts',
        name: 'site',
        formats: ['iife'],
        fileName: () => 'service-worker.js',
      },
    },
  });
}
