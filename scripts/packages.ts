/**
 * `npm run packages`: builds what others install. packages/engine/dist gets the engine as a library with its types and
 * the server as one file without dependencies; python/src/duomem/engine gets the server, so that a wheel carries it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { runInstalled } from './lib/command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const engine = join(root, 'packages/engine');
const dist = join(engine, 'dist');
/** What is bundled, beside this project's own code, so that the packages depend on nothing. */
const BUNDLED = ['@zip.js/zip.js', 'commander', '@commander-js/extra-typings'];

writeVersion();
rmSync(dist, { recursive: true, force: true });
await bundle({
  index: join(engine, 'src/index.ts'),
  homes: join(engine, 'src/homes.ts'),
  games: join(engine, 'src/games.ts'),
  environments: join(engine, 'src/environments.ts'),
});
await bundle({ serve: join(engine, 'src/serve.ts') }, { codeSplitting: false });
const { code } = await runInstalled('typescript/bin/tsc', ['--project', join(engine, 'tsconfig.json')]);
if (code !== 0) process.exit(code);
writeFileSync(join(engine, 'THIRD-PARTY.txt'), licences());
cpSync(join(root, 'LICENSE'), join(engine, 'LICENSE'));

const python = join(root, 'python/src/duomem/engine');
rmSync(python, { recursive: true, force: true });
mkdirSync(join(python, 'dist'), { recursive: true });
cpSync(join(dist, 'serve.mjs'), join(python, 'dist/serve.mjs'));
for (const file of ['package.json', 'THIRD-PARTY.txt', 'LICENSE'])
  cpSync(join(engine, file), join(python, file));

/** The packages have the version of the project: package.json at the root is where it is raised. */
function writeVersion(): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  for (const [file, field] of [
    [join(engine, 'package.json'), /(?<="version": ")[^"]*/],
    [join(root, 'CITATION.cff'), /(?<=^version: ).*/m],
  ] as const)
    writeFileSync(file, readFileSync(file, 'utf8').replace(field, version));
}

/** Bundles entries for Node and pages, Node's own modules left out. */
async function bundle(
  entries: Readonly<Record<string, string>>,
  output: { readonly codeSplitting?: boolean } = {},
): Promise<void> {
  await build({
    configFile: false,
    root: engine,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: dist,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: entries,
        output: { ...output, entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  });
}

/** The licences of what is bundled. */
function licences(): string {
  return BUNDLED.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt']
      .map((one) => join(folder, one))
      .find((one) => existsSync(one));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}
