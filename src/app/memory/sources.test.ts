import { expect, test } from 'vitest';
import { homeName, makerName, roomName, sourceIn } from './sources.ts';

const of = (game: string) => sourceIn({ maker: 'teacher', name: 'scripted', game, seed: 0 });

test("keys of games are told in words, and a home's leads to it", () => {
  expect(
    of('homes/pick_cool_then_place_in_recep-Tomato-None-Microwave-39/trial_kitchen_h090_s000_r090_0002'),
  ).toEqual({
    said: 'task 3 in home 39 (kitchen)',
    href: '#/play?home=39&task=2',
  });
  expect(of('train/look_at_obj_in_light-AlarmClock-None-DeskLamp-305/trial_T2019')?.said).toBe(
    "ALFWorld's game of scene 305 (train): look at it in the light, alarm clock and desk lamp",
  );
  expect(of('a/b/c')).toEqual({ said: 'the game a/b/c' });
  expect(of('')).toBeUndefined();
});

test('homes, rooms and makers have names', () => {
  expect([homeName('home_7_h090_s000_r090_kitchen'), homeName('mine')]).toEqual(['home 7', 'mine']);
  expect(roomName('home_7_h090_s000_r090_livingroom')).toBe('home 7, living room');
  expect(roomName('home_7_h090_s000_r090')).toBe('home 7');
  expect(makerName({ maker: 'teacher', name: 'scripted' })).toBe('the teacher, a program with rules');
  expect(makerName({ maker: 'person', name: 'you' })).toBe('you');
});
