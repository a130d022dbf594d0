/** The name and version of this program, as traces and `--version` give them. */
import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

export const VERSION = String((manifest as { version?: unknown }).version);
export const PROGRAM = `duomem ${VERSION}`;
