/** Which memories belong together: receptacles are numbered room by room, so a home remembers room by room too. */
import { type HomeKey, homeId, parseHomeKey } from './key.ts';

/** The home and the room of a game, as its memories are filed: `home_7_h100_s000_r000_kitchen`. */
export function roomId(key: HomeKey): string {
  return `${homeId(key)}_${key.room.replace(' ', '')}`;
}

/** Where a game's memories are filed; nothing where its home has no habits to remember. */
export function memoryHome(game: string): { readonly home?: string } {
  const key = parseHomeKey(game);
  return key === undefined || key.habits === 0 ? {} : { home: roomId(key) };
}
