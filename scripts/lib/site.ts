/**
 * What the built page carries besides its code: the content security policy, the manifest of the installed page and
 * the list of what is kept for working offline. Used by vite.config.ts.
 */
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** No other host, no inline code, no eval; WebAssembly may be compiled. */
export const CONTENT_SECURITY_POLICY = [
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

export function installable(): Plugin[] {
  return VitePWA({
    registerType: 'prompt',
    injectRegister: null,
    filename: 'service-worker.js',
    manifest: {
      id: 'duomem',
      name: 'DuoMem',
      short_name: 'DuoMem',
      description: 'A household agent that remembers, in your browser: nothing leaves the tab.',
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
    },
    workbox: {
      // Everything that a visit can ask for. Fonts in the older format are for browsers that can't run the rest.
      globPatterns: ['**/*'],
      // The runtime with WebGPU is large and only for who has it: kept when it has been used once.
      globIgnores: ['**/*.woff', '**/*.map', 'runtime/*.asyncify.*'],
      runtimeCaching: [
        {
          // Not what the benchmark fetches afresh, with a word behind the address.
          urlPattern: /\/runtime\/[^/?]*asyncify[^/?]*$/,
          handler: 'CacheFirst',
          options: { cacheName: 'webgpu-runtime' },
        },
      ],
      maximumFileSizeToCacheInBytes: 40_000_000,
      // Names of these files carry their hash.
      dontCacheBustURLsMatching: /assets\//,
      navigateFallback: 'index.html',
      cleanupOutdatedCaches: true,
      inlineWorkboxRuntime: true,
      sourcemap: false,
    },
  });
}
