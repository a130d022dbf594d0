/** Which games a run plays: a sample over all kinds of task, drawn by a seed, so that the same seed gives the same games. */
import { Random } from '../../base/random.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Telling } from '../../engine/import/index.ts';
import type { GameCard } from '../../protocol/agent.ts';
import type { WantedGames } from '../../protocol/data.ts';
import { sourceOf } from '../../protocol/game-source.ts';
import { agent, data } from '../worker-client.ts';

/** How many homes there are to draw from. */
const HOMES = 100_000;
/** Tasks of a home that are looked at for one of a kind that was drawn less often than others. */
const LOOKED_AT = 4;
/** In larger samples every kind comes up by itself, and making games takes time. */
const EVEN = 48;

/** Games of the page's homes, each of another home. */
export async function drawHomes(count: number, seed: number): Promise<Result<readonly GameCard[]>> {
  const random = new Random(`homes/${seed}`);
  const homes = new Set<number>();
  while (homes.size < count) homes.add(random.int(HOMES));
  const drawn: GameCard[] = [];
  const times = new Map<string, number>();
  for (const home of homes) {
    const tasks = await agent().listTasks(home, drawn.length < EVEN ? LOOKED_AT : 1);
    if (!tasks.ok) return tasks;
    const often = ({ taskType }: GameCard): number => times.get(taskType) ?? 0;
    const [rarest] = [...tasks.value].sort((a, b) => often(a) - often(b));
    if (rarest === undefined) continue;
    times.set(rarest.taskType, often(rarest) + 1);
    drawn.push(rarest);
  }
  return ok(drawn);
}

/** Games of an imported set, told so. Codes: those of the data worker. */
export async function drawImported(
  wanted: WantedGames,
  telling: Telling,
  count: number,
  seed: number,
): Promise<Result<readonly GameCard[]>> {
  const drawn = await data().drawGames(wanted, count, seed);
  if (!drawn.ok) return drawn;
  const cards = drawn.value.games.map((card) => ({ ...card, source: sourceOf(card.key, telling) }));
  return ok(cards);
}
