import 'fake-indexeddb/auto';
import { beforeAll, expect, test, vi } from 'vitest';
import { ok, refuse, unwrap } from '../base/result.ts';
import { saveModel } from '../storage/models-db.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import { SMOLLM2_ENTRY } from '../students/smollm2/base.ts';
import { SmolLm2Students } from './smollm2-students.ts';

const file = (strength: number) => ({ name: `merged-${strength}`, bytes: 1, strength, adapter: 'a' });

beforeAll(async () => {
  unwrap(await saveModel({ ...SMOLLM2_ENTRY, merged: [file(1), file(0)] }));
});

/** Students that need no weights; what was opened and freed is listed, and `lose` takes the device of the last away. */
function studentsHere() {
  const opened: string[] = [];
  const freed: string[] = [];
  let lose: (reason: string) => void = () => {};
  const students = new SmolLm2Students(async ({ strength }, wish, measured, lost) => {
    const about = [strength, wish, measured?.gpu, lost].join(' ').trim();
    opened.push(about);
    const dispose = async (): Promise<void> => void freed.push(about);
    const gone = new Promise<string>((resolve) => {
      lose = resolve;
    });
    return ok({ student: { ...createScriptedStudent(() => 0), dispose }, note: '', lost: gone });
  });
  return { students, opened, freed, lose: (reason: string) => lose(reason) };
}

test('one is opened for all who hold it, and freed when another is asked for', async () => {
  const { students, opened, freed } = studentsHere();
  const [one, two] = [
    unwrap(await students.hold({ strength: 1 })),
    unwrap(await students.hold({ strength: 1 })),
  ];
  expect(one.student).toBe(two.student);
  one.letGo();
  one.letGo();
  unwrap(await students.hold({ strength: 0 }));
  expect([opened, freed]).toEqual([['1 auto', '0 auto'], []]);
  two.letGo();
  unwrap(await students.hold({ strength: 0 }));
  expect(await students.hold({ strength: 0.5 })).toMatchObject({ error: { code: 'STUDENT_NOT_HERE' } });
  await students.close();
  expect(freed).toEqual(['1 auto', '0 auto']);
});

test('one whose device is changed plays on for those who have it', async () => {
  const { students, opened, freed } = studentsHere();
  const held = unwrap(await students.hold({ strength: 1 }));
  await students.choose('webgpu', { cpu: 1, gpu: 2 });
  expect(freed).toEqual([]);
  unwrap(await students.hold({ strength: 1 })).letGo();
  expect(opened).toEqual(['1 auto', '1 webgpu 2']);
  held.letGo();
  await vi.waitFor(() => expect(freed).toEqual(['1 auto']));
});

test('after its device is lost another is opened, which hears of it', async () => {
  const { students, opened, lose } = studentsHere();
  await students.choose('webgpu');
  unwrap(await students.hold({ strength: 1 })).letGo();
  lose('a driver was installed');
  await vi.waitFor(async () => {
    unwrap(await students.hold({ strength: 1 })).letGo();
    expect(opened).toEqual(['1 webgpu', '1 webgpu  a driver was installed']);
  });
});

test('what failed is tried again', async () => {
  const answers = [refuse('DEVICE_WRONG', 'No.'), refuse('DEVICE_WRONG', 'No.')];
  const open = vi.fn(async () => answers[0] as never);
  const students = new SmolLm2Students(open);
  for (const answer of answers) expect(await students.hold({ strength: 1 })).toEqual(answer);
  expect(open).toHaveBeenCalledTimes(2);
});
