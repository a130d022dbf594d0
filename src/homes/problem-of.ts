/** The PDDL problem of one task in a room, stated in the order of the official files. */
import { compareCodePoints } from '../base/order.ts';
import { wordsIn } from '../base/table.ts';
import type { Problem } from '../engine/problem.ts';
import type { SExpr } from '../engine/sexpr.ts';
import type { PlacedThing } from './placement.ts';
import type { Room } from './room.ts';
import { canContain, hasTrait, statistics } from './statistics.ts';

/** What the predicates about objects are stated for, in the order of the official files. */
const TRAITS = wordsIn('pickupable isReceptacleObject cleanable heatable coolable toggleable sliceable');

/** As in the official files, all types are declared whether or not there is one: the domain's actions name some. */
const OBJECT_TYPES = Object.keys(statistics.objects).sort(compareCodePoints);
const RECEPTACLE_TYPES = Object.keys(statistics.openable).sort(compareCodePoints);

/**
 * @param name of the problem, a PDDL symbol
 * @param start the location where the agent is
 */
export function problemOf(
  name: string,
  room: Room,
  things: readonly PlacedThing[],
  start: string,
  goal: SExpr,
): Problem {
  const objects = [...room.fixtures, ...things].sort((a, b) => compareCodePoints(a.id, b.id));
  const places = [...room.places].sort((a, b) => compareCodePoints(a.id, b.id));
  const absentObjects = room.absent.filter((a) => a.kind === 'object');
  const absentPlaces = room.absent.filter((a) => a.kind === 'receptacle');
  const spots = [...new Set([...room.free, ...room.places.map((place) => place.spot)])].sort(
    compareCodePoints,
  );
  const idOf = (place: number) => room.places[place]?.id as string;

  const init: string[][] = [];
  for (const { id, type } of [...places, ...absentPlaces]) init.push(['receptacleType', id, `${type}Type`]);
  for (const { id, type } of [...objects, ...absentObjects]) init.push(['objectType', id, `${type}Type`]);
  for (const { id, openable } of places) if (openable) init.push(['openable', id]);
  const objectTypes = new Set(objects.map((object) => object.type));
  // Sorted by id, so that types come in an order that is the same everywhere.
  for (const receptacle of new Set(places.map((place) => place.type))) {
    for (const object of objectTypes) {
      if (canContain(receptacle, object)) init.push(['canContain', `${receptacle}Type`, `${object}Type`]);
    }
  }
  const carried = new Set(things.map((thing) => thing.id));
  for (const trait of TRAITS) {
    for (const { id, type } of objects) {
      // Whether something can be carried is the room's to say: a footstool is a fixture in one, a thing in another.
      const holds = trait === 'pickupable' ? carried.has(id) : hasTrait(type, trait);
      if (holds) init.push([trait, id]);
    }
  }
  for (const { id, cool } of things) if (cool) init.push(['isCool', id]);
  init.push(['atLocation', 'agent1', start]);
  for (const { id, place } of room.fixtures) if (place >= 0) init.push(['inReceptacle', id, idOf(place)]);
  for (const { id, place, also } of things) {
    if (place >= 0) init.push(['inReceptacle', id, idOf(place)]);
    if (also !== undefined) init.push(['inReceptacle', id, idOf(also)]);
  }
  for (const { id, inside } of things)
    if (inside !== undefined) init.push(['inReceptacleObject', id, inside]);
  for (const { id, spot } of places) init.push(['receptacleAtLocation', id, spot]);
  for (const { id, spot } of objects) init.push(['objectAtLocation', id, spot]);

  return {
    name,
    objects: [
      ['agent1', 'agent'],
      ...OBJECT_TYPES.map((type) => [`${type}Type`, 'otype'] as const),
      ...RECEPTACLE_TYPES.map((type) => [`${type}Type`, 'rtype'] as const),
      ...[...objects, ...absentObjects].map(({ id }) => [id, 'object'] as const),
      ...[...places, ...absentPlaces].map(({ id }) => [id, 'receptacle'] as const),
      ...spots.map((spot) => [spot, 'location'] as const),
    ],
    init,
    goal,
  };
}
