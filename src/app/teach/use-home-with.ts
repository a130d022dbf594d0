/** A home where a chore can be done: the first one from a number on, since not every home has what a chore needs. */
import { type Result, refuse } from '../../base/result.ts';
import type { OpenedGame } from '../../protocol/agent.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { agent } from '../worker-client.ts';

/** So many homes are looked through. */
const TRIED = 30;
const NOWHERE = `None of ${TRIED} homes has things that this could be done with. Choose another place, or something else to do.`;

export interface HomeWith {
  readonly home: number;
  readonly game: Result<OpenedGame>;
}

/** Undefined while it is being looked for, and where there is no chore. */
export function useHomeWith(chore: string | undefined, from: number): HomeWith | undefined {
  return useAnswer([chore, from], () => (chore === undefined ? undefined : look(chore, from)));
}

async function look(chore: string, from: number): Promise<HomeWith> {
  for (let home = from; ; home++) {
    const game = await agent().openGame({ kind: 'home', home, task: 0, chore });
    if (game.ok || game.error.code !== 'HOME_WITHOUT') return { home, game };
    if (home + 1 >= from + TRIED) return { home, game: refuse('HOME_WITHOUT', NOWHERE) };
  }
}
