/** The game that an address names, and the tasks of its home. */
import { startTransition, useState } from 'react';
import type { Result } from '../../engine/index.ts';
import type { GameCard, GameSource, OpenedGame } from '../../protocol/agent.ts';
import { useAnswer, useTaken } from '../parts/use-answer.ts';
import { agent } from '../worker-client.ts';

/** Undefined while it is being made or read. */
export function useGame(source: GameSource): Result<OpenedGame> | undefined {
  const [opened, setOpened] = useState<{ id: string; game: Result<OpenedGame> }>();
  const id = JSON.stringify(source);
  useTaken(
    [id],
    () => agent().openGame(source),
    // A whole house is drawn then: bit by bit, with the page answering in between.
    (game) => startTransition(() => setOpened({ id, game })),
  );
  return opened?.id === id ? opened.game : undefined;
}

const LISTED = 12;

/** The first tasks of a home; empty while they are being made. */
export function useTasks(source: GameSource): readonly GameCard[] {
  const [home, chore] = source.kind === 'home' ? [source.home, source.chore] : [];
  const ask = () => (home === undefined ? undefined : agent().listTasks(home, LISTED, chore));
  const listed = useAnswer([home, chore], ask);
  return listed?.ok ? listed.value : [];
}
