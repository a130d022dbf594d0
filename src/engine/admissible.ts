/**
 * The sorted list of admissible commands. It is built block by block: the first words of the commands sort the
 * blocks, and within a block names are sorted beforehand, so that nothing has to be sorted at each step.
 */

import { compareCodePoints } from '../base/order.ts';
import { putText } from './commands.ts';
import type { Contents } from './contents.ts';
import { OPENED, type State } from './state.ts';
import type { Location, Receptacle, RememberedList, Thing, WorldData } from './world-data.ts';

export function listAdmissible(world: WorldData, state: State): readonly string[] {
  const here = world.locations[state.location] as Location;
  const known = world.lists[state.location];
  if (known !== undefined && stillHolds(known, here, state)) return known.list;
  const list = writeList(world, state, here);
  world.lists[state.location] = {
    held: state.held,
    opened: here.receptacles.map((r) => (state.receptacles[r] as number) & OPENED),
    contents: here.receptacles.map((r) => state.contents[r]),
    present: state.present[state.location],
    list,
  };
  return list;
}

function stillHolds(known: RememberedList, here: Location, state: State): boolean {
  if (known.held !== state.held || known.present !== state.present[state.location]) return false;
  for (let i = 0; i < here.receptacles.length; i++) {
    const r = here.receptacles[i] as number;
    if (known.contents[i] !== state.contents[r]) return false;
    if (known.opened[i] !== ((state.receptacles[r] as number) & OPENED)) return false;
  }
  return true;
}

function writeList(world: WorldData, state: State, here: Location): readonly string[] {
  const held = state.held < 0 ? undefined : (world.objects[state.held] as Thing);
  const out: string[] = [];
  if (held?.cleanable) for (const r of here.byName) pushTool(out, world, 'clean', held, r, 'cleans');
  for (const r of here.byName) if (isOpen(state, r)) out.push(world.closeCommands[r] as string);
  if (held?.coolable) for (const r of here.byName) pushTool(out, world, 'cool', held, r, 'cools');
  pushExamine(out, world, here, held);
  for (const command of here.goTo) out.push(command);
  if (held?.heatable) for (const r of here.byName) pushTool(out, world, 'heat', held, r, 'heats');
  if (world.help) out.push('help');
  out.push('inventory', 'look');
  if (held !== undefined && world.dialect === 'move') pushPuts(out, world, state, here, held);
  for (const r of here.byName) {
    if ((world.receptacles[r] as Receptacle).openable && !isOpen(state, r))
      out.push(world.openCommands[r] as string);
  }
  if (held !== undefined && world.dialect === 'put') pushPuts(out, world, state, here, held);
  if (held?.slices) pushSlices(out, world, state, held);
  if (held === undefined) pushTakes(out, world, state, here);
  pushUses(out, world, state, here);
  return out;
}

function isOpen(state: State, receptacle: number): boolean {
  return ((state.receptacles[receptacle] as number) & OPENED) !== 0;
}

function accessible(world: WorldData, state: State, receptacle: number): boolean {
  return !(world.receptacles[receptacle] as Receptacle).openable || isOpen(state, receptacle);
}

function pushTool(
  out: string[],
  world: WorldData,
  verb: string,
  held: Thing,
  receptacle: number,
  does: 'cleans' | 'heats' | 'cools',
): void {
  const place = world.receptacles[receptacle] as Receptacle;
  if (place[does]) out.push(`${verb} ${held.name} with ${place.name}`);
}

function pushExamine(out: string[], world: WorldData, here: Location, held: Thing | undefined): void {
  let rest = held?.name;
  for (const r of here.byName) {
    const { name } = world.receptacles[r] as Receptacle;
    if (rest !== undefined && compareCodePoints(rest, name) < 0) {
      out.push(`examine ${rest}`);
      rest = undefined;
    }
    out.push(world.examineCommands[r] as string);
  }
  if (rest !== undefined) out.push(`examine ${rest}`);
}

function pushPuts(out: string[], world: WorldData, state: State, here: Location, held: Thing): void {
  for (const r of here.byName) {
    if (world.accepts[r]?.[state.held] === 1 && accessible(world, state, r)) {
      out.push(putText(world, held.name, (world.receptacles[r] as Receptacle).name));
    }
  }
}

function pushSlices(out: string[], world: WorldData, state: State, held: Thing): void {
  const first = out.length;
  for (const o of state.present[state.location] as readonly number[]) {
    const thing = world.objects[o] as Thing;
    if (thing.sliceable) out.push(`slice ${thing.name} with ${held.name}`);
  }
  sortTail(out, first);
}

function pushTakes(out: string[], world: WorldData, state: State, here: Location): void {
  const first = out.length;
  let sources = 0;
  for (const r of here.receptacles) {
    if (!accessible(world, state, r)) continue;
    const { takes } = state.contents[r] as Contents;
    if (takes.length === 0) continue;
    sources++;
    for (const command of takes) out.push(command);
  }
  if (sources > 1) sortTail(out, first);
}

function pushUses(out: string[], world: WorldData, state: State, here: Location): void {
  const first = out.length;
  for (const o of world.toggleables) {
    if (here.receptacles.some((r) => (state.contents[r] as Contents).has(o))) {
      out.push(`use ${(world.objects[o] as Thing).name}`);
    }
  }
  sortTail(out, first);
}

function sortTail(out: string[], first: number): void {
  if (out.length - first < 2) return;
  const tail = out.splice(first).sort(compareCodePoints);
  for (const command of tail) out.push(command);
}
