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

/**
 * The worker that fetches models is the one part that may ask other hosts, and does so only after a click: the hubs of
 * the registry, and whatever address the user gives. Scripts of their own file have their own policy, so that the page
 * and its other workers stay as strict as above.
 */
export const MODELS_POLICY = CONTENT_SECURITY_POLICY.replace(
  "connect-src 'self'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
);
/** Its file in the build. */
export const MODELS_WORKER = /^\/?(?:.*\/)?assets\/models-[\w-]+\.js$/;

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
      // The runtime with WebGPU, and the student's weights as it reads them, are large and only for who wants them: kept
      // when they have been used once.
      globIgnores: [
        '**/*.woff',
        '**/*.map',
        'runtime/*.asyncify.*',
        'models/pocket/**/*.onnx',
        'assets/web-llm-*.js',
      ],
      runtimeCaching: [
        // Seven megabytes that only the 4B student needs: kept when it has been fetched.
        {
          urlPattern: /\/assets\/web-llm-[\w-]+\.js$/,
          handler: 'CacheFirst',
          // The same bytes for everybody, whatever a host says of origins: who fetched it first must not matter.
          options: { cacheName: 'web-llm-runtime', matchOptions: { ignoreVary: true } },
        },
        {
          // Not what the benchmark fetches afresh, with a word behind the address.
          urlPattern: /\/(?:runtime\/[^/?]*asyncify[^/?]*|models\/pocket\/[^?]*\.onnx)$/,
          handler: 'CacheFirst',
          options: { cacheName: 'webgpu-runtime', matchOptions: { ignoreVary: true } },
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
