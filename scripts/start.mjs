/**
 * `npm start`: installs what is missing, builds the page if it has changed, serves it and prints its address.
 * Takes `--port N` (or PORT=N); 0 means any free port.
 */
import { parseArgs } from 'node:util';
import { build, isBuilt } from './lib/build.mjs';
import { requireNode, root, stop } from './lib/command.mjs';
import { ensureInstalled } from './lib/install.mjs';

const USAGE = `Usage: npm start [-- --port N]

Installs what is missing, builds the page if it has changed, serves it and prints its address.
  --port N   the port to serve at, 4173 unless told otherwise; PORT=N does the same; 0 means any free one`;

requireNode();
const port = readPort();
await ensureInstalled();
if (!isBuilt()) {
  console.log('Building the page ...');
  if (!(await build())) stop('Building the page failed; the reason stands above.');
}
await serve(port);

function readPort() {
  /** @type {{ port?: string | undefined, help?: boolean | undefined }} */
  let values = {};
  try {
    const options = /** @type {const} */ ({
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    ({ values } = parseArgs({ options }));
  } catch (error) {
    // The first sentence of parseArgs names what isn't known.
    const [reason = ''] = String(error instanceof Error ? error.message : error).split(/(?<=\.)\s/);
    stop(`${reason}\n\n${USAGE}`, 2);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const text = values.port ?? process.env.PORT ?? '4173';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535)
    stop(`'${text}' isn't a port: give a whole number from 0 to 65535.`, 2);
  return number;
}

/** @param {number} port */
async function serve(port) {
  const { preview } = await import('vite');
  let server;
  try {
    server = await preview({
      configFile: `${root}/vite.config.ts`,
      logLevel: 'silent',
      preview: { port, strictPort: true },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/already in use|EADDRINUSE/.test(reason)) {
      const other = port < 65535 ? port + 1 : 4173;
      stop(
        `Port ${port} is taken: use another one with 'npm start -- --port ${other}' or 'PORT=${other} npm start'.`,
      );
    }
    if (/EACCES/.test(reason))
      stop(`Port ${port} may not be used here: take one from 1024 up, 'npm start -- --port 4173'.`);
    stop(`The page can't be served: ${reason}`);
  }
  const running = server;
  const address = running.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
  console.log(`DuoMem is at ${address} (Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      running.close().finally(() => process.exit(0));
      setTimeout(() => process.exit(0), 1000).unref(); // a browser keeps its connection open
    });
  }
}
