/**
 * Builds the pocket student's tokenizer from training conversations.
 *
 *     node --import tsx models/environment/build-tokenizer.ts --games GAMES --out DIR [--conversations 6000]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatRefusal } from '../../src/engine/index.ts';
import { Stream } from './conversations.ts';
import { OfficialGames } from './games.ts';
import { DEFAULT_MIX } from './memories.ts';
import { findVocabulary, tokenizerConfig, tokenizerJson } from './vocabulary.ts';

const { values } = parseArgs({
  options: {
    games: { type: 'string' },
    out: { type: 'string' },
    conversations: { type: 'string', default: '6000' },
    phrases: { type: 'string', default: '160' },
    context: { type: 'string', default: '4096' },
  },
});
const { games: gamesPath, out } = values;
if (gamesPath === undefined || out === undefined) {
  process.stderr.write('Use: build-tokenizer.ts --games GAMES --out DIR\n');
  process.exit(2);
}
const official = await OfficialGames.open(gamesPath, 'train');
if (!official.ok) {
  process.stderr.write(`${formatRefusal(official.error)}\n`);
  process.exit(3);
}
const stream = await Stream.open(official.value, {
  seed: 'tokenizer',
  official: 0.5,
  mix: DEFAULT_MIX,
  disturbance: 0.15,
  variation: 0.3,
  maxSteps: 40,
  scripts: 0.2,
});
const corpus: string[] = [];
for (let i = 0; i < Number(values.conversations); i++) {
  const { messages } = await stream.next();
  for (const [role, content] of messages) if (role !== 'system') corpus.push(content);
}
const names = new Set<string>();
for (let i = 0; i < official.value.count; i++) {
  const game = await official.value.at(i);
  for (const { type } of [...(game?.world.objects ?? []), ...(game?.world.receptacles ?? [])])
    names.add(type.toLowerCase());
}
// Homes may hold types that no official training game has.
for (const text of corpus) for (const [, name] of text.matchAll(/([a-z]+) \d+/g)) names.add(name as string);

const vocabulary = findVocabulary(corpus, names, {
  phrases: Number(values.phrases),
  leastWords: 3,
  leastPhrases: 60,
});
const json = tokenizerJson(vocabulary);
await mkdir(out, { recursive: true });
await writeFile(join(out, 'tokenizer.json'), `${JSON.stringify(json, undefined, 1)}\n`);
const config = tokenizerConfig(Number(values.context));
await writeFile(join(out, 'tokenizer_config.json'), `${JSON.stringify(config, undefined, 1)}\n`);
const { phrases, words } = vocabulary;
process.stdout.write(
  `${JSON.stringify({ texts: corpus.length, phrases: phrases.length, words: words.length })}\n`,
);
