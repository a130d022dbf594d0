/** Where a memory comes from, for people: keys of games and ids of homes in words. */
import { taskTypeName } from '../../base/task-types.ts';
import { parseHomeKey } from '../../homes/index.ts';
import type { Provenance } from '../../memory/entry.ts';
import { sourceOf } from '../../protocol/game-source.ts';
import { formatRoute } from '../route.ts';

/** `home 7`; what isn't a home of ours is called as it is. */
export function homeName(home: string): string {
  const number = /^home_(\d+)_/.exec(home)?.[1];
  return number === undefined ? home : `home ${number}`;
}

/** `home 7, kitchen`, where memories are filed by room. */
export function roomName(home: string): string {
  const room = /_([a-z]+)$/.exec(home)?.[1];
  return room === undefined
    ? homeName(home)
    : `${homeName(home)}, ${room.replace('livingroom', 'living room')}`;
}

export function makerName({ maker, name }: Pick<Provenance, 'maker' | 'name'>): string {
  if (maker === 'person') return name === '' || name === 'you' ? 'you' : `a person (${name})`;
  const kind = name === 'scripted' ? 'a program with rules' : name;
  return `the ${maker}${kind === '' ? '' : `, ${kind}`}`;
}

interface Source {
  readonly said: string;
  /** Where the game can be played; undefined where it isn't known here. */
  readonly href?: string;
}

/** The game that a memory was made in; undefined where there was none. */
export function sourceIn({ game }: Provenance): Source | undefined {
  if (game === '') return undefined;
  const home = parseHomeKey(game);
  if (home !== undefined) {
    const said = `task ${home.index + 1} in home ${home.home} (${home.room})`;
    const source = sourceOf(game);
    if (source.kind !== 'home') return { said };
    const { chore } = source;
    const where = { home: String(source.home), task: String(source.task), ...(chore && { chore }) };
    return { said, href: formatRoute('play', where) };
  }
  const [, split = '', type = '', object = '', place = '', scene = ''] =
    /(?:^|\/)([^/]+)\/([a-z_]+)-(\w+)-\w+-(\w+)-(\d+)\//.exec(game) ?? [];
  if (type === '') return { said: `the game ${game}` };
  const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return {
    said: `ALFWorld's game of scene ${scene} (${split}): ${taskTypeName(type)}, ${words(object)} and ${words(place)}`,
  };
}
