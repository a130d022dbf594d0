/** What a browser asks the network for by itself would run beside a measurement. */
export const QUIET: readonly string[] = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium refuses to run as root inside its own sandbox.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
export const SOFTWARE: readonly string[] = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * How the tests start Chromium: with the page's own requests only (a browser's update and sync traffic would blur
 * "nothing leaves the tab"), in the headless mode that has WebGPU (the older one, chrome-headless-shell, has none),
 * and with the software adapter, so that machines without a GPU test the same code.
 */
export const BROWSER_ARGS: readonly string[] = ['--headless=new', ...QUIET, ...SOFTWARE];
