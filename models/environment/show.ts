/**
 * Prints conversations of the training stream as a person reads them, or how much of what it makes.
 *
 *     node --import tsx models/environment/show.ts [--games GAMES] [--count 3] [--stream '{"chores":1}'] [--figures]
 */
import { parseArgs } from 'node:util';
import { formatRefusal } from '../../src/engine/index.ts';
import { DEFAULT_STREAM, Stream } from './conversations.ts';
import { OfficialGames } from './games.ts';

const { values } = parseArgs({
  options: {
    games: { type: 'string' },
    count: { type: 'string', default: '3' },
    stream: { type: 'string', default: '{}' },
    figures: { type: 'boolean', default: false },
  },
});
const official = values.games === undefined ? undefined : await OfficialGames.open(values.games, 'train');
if (official !== undefined && !official.ok) {
  process.stderr.write(`${formatRefusal(official.error)}\n`);
  process.exit(3);
}
const stream = await Stream.open(official?.value, { ...DEFAULT_STREAM, ...JSON.parse(values.stream) });
const started = performance.now();
const counts = new Map<string, number>();
for (let i = 0; i < Number(values.count); i++) {
  const { messages, game, configuration, relevance, steps } = await stream.next();
  const type = /\/([a-z_]+)-/.exec(game)?.[1] ?? '';
  const kind = `${type.startsWith('village') ? 'named' : type} ${configuration}/${relevance}`;
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (values.figures) continue;
  process.stdout.write(`=== ${game} (${configuration}, ${relevance}, ${steps} steps)\n`);
  for (const [role, content, mark] of messages)
    if (role !== 'system') process.stdout.write(`${role}${mark === 2 ? ' *' : ''}: ${content}\n`);
}
const milliseconds = (performance.now() - started) / Number(values.count);
if (values.figures) {
  for (const [kind, count] of [...counts].sort()) process.stdout.write(`${count}\t${kind}\n`);
  process.stdout.write(`${milliseconds.toFixed(1)} ms a conversation\n`);
}
