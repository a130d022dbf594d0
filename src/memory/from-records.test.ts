import { describe, expect, it } from 'vitest';
import type { ScriptRecord } from '../teacher/script-file.ts';
import type { CollectedTrajectory } from '../teacher/trajectory.ts';
import { entriesFromRecords } from './from-records.ts';

const game = 'train/pick_and_place_simple-Mug-None-Shelf-1/trial_1';
const step = { thought: 'I look.', action: 'go to desk 1', observation: 'On the desk 1, you see a mug 1.' };

function trajectory(fields: Partial<CollectedTrajectory> = {}): CollectedTrajectory {
  const about = { game, task: 'put a mug in shelf.', taskType: 'pick_and_place_simple', teacher: 'scripted' };
  return {
    kind: 'trajectory',
    version: 1,
    ...about,
    try: 1,
    seed: 0,
    intro: 'Room.',
    steps: [step],
    won: true,
    ...fields,
  };
}

function script(fields: Partial<ScriptRecord> = {}): ScriptRecord {
  const about = {
    game,
    task: 'put a mug in shelf.',
    taskType: 'pick_and_place_simple',
    extractor: 'scripted',
  };
  const text = { taskName: 'put a mug in shelf', guidelines: 'Look on the desk.' };
  return { kind: 'script', version: 1, ...about, try: 1, seed: 0, script: text, ...fields };
}

describe('memories of collected trajectories and extracted scripts', () => {
  it('have each script with the trajectory of its own try', () => {
    const second = { ...step, action: 'go to desk 2' };
    const entries = entriesFromRecords(
      [script({ try: 2, seed: 7, home: 'home-1' }), script()],
      [trajectory(), trajectory({ try: 2, seed: 7, steps: [second], home: 'home-1' })],
      'teacher',
    );
    expect(entries).toEqual({
      ok: true,
      value: [
        {
          id: `scripted:${game}#2`,
          task: 'put a mug in shelf.',
          taskType: 'pick_and_place_simple',
          home: 'home-1',
          script: { taskName: 'put a mug in shelf', guidelines: 'Look on the desk.' },
          trajectory: { intro: 'Room.', steps: [second] },
          provenance: { maker: 'teacher', name: 'scripted', game, seed: 7 },
        },
        expect.objectContaining({ id: `scripted:${game}#1`, trajectory: { intro: 'Room.', steps: [step] } }),
      ],
    });
    expect(entries.ok && 'home' in (entries.value[1] ?? {})).toBe(false);
  });

  it('are refused where a trajectory is missing or a text is beyond the limits', () => {
    expect(entriesFromRecords([script({ try: 3 })], [trajectory()], 'teacher')).toMatchObject({
      ok: false,
      error: { code: 'SCRIPT_WITHOUT_TRAJECTORY', place: game },
    });
    const endless = { taskName: '', guidelines: 'x'.repeat(10_000) };
    expect(entriesFromRecords([script({ script: endless })], [trajectory()], 'student')).toMatchObject({
      ok: false,
      error: { code: 'ENTRY_INVALID', place: `${game}.script.guidelines` },
    });
  });
});
