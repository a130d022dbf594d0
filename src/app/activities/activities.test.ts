import { beforeEach, expect, test, vi } from 'vitest';
import { stubSessionStorage } from '../../testing/session-storage.ts';

let session: Map<string, string>;
beforeEach(() => {
  session = stubSessionStorage();
});

/** The page as it is after a load: with nothing in it but what the tab kept. */
async function load() {
  vi.resetModules();
  const { Task } = await import('./task.ts');
  return { ...(await import('./activities.ts')), Task };
}

const about = {
  id: 'import',
  title: 'Importing games',
  href: '#/device',
  told: (done: number) => `${done} of 3 games`,
  over: (answer: string) => answer,
};

test('a task is told while it goes on, ends with its answer, and can be begun again', async () => {
  const { activities, Task } = await load();
  const task = new Task<number, string>(about);
  let progress: (done: number) => void = () => {};
  let end: (answer: string) => void = () => {};
  const work = (onProgress: typeof progress) => {
    progress = onProgress;
    return new Promise<string>((resolve) => {
      end = resolve;
    });
  };
  const first = task.start(0, work);
  progress(2);
  expect(activities.value).toMatchObject([
    { title: 'Importing games', status: '2 of 3 games', state: 'running' },
  ]);
  // It is under way: a second one would be in its way.
  expect(await task.start(0, work)).toBeUndefined();
  end('3 games imported');
  expect(await first).toBe('3 games imported');
  expect(task.state.value).toEqual({ progress: undefined, answer: '3 games imported' });
  expect(activities.value).toMatchObject([{ status: '3 games imported', state: 'over' }]);
  void task.start(0, work);
  expect(activities.value).toMatchObject([{ status: '0 of 3 games', state: 'running' }]);
});

test('whoever looks on is told nothing twice', async () => {
  const { activities, inSight, Task } = await load();
  inSight.set(new Set(['import']));
  await new Task<number, string>(about).start(0, async () => 'done');
  expect(activities.value).toEqual([]);
});

test('a task that breaks down leaves nothing under way, and can be begun again', async () => {
  const { activities, Task } = await load();
  const task = new Task<number, string>(about);
  await expect(task.start(0, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(activities.value).toEqual([]);
  expect(await task.start(0, async () => 'done')).toBe('done');
});

test('what a reload cut off is told after it, with the way back', async () => {
  const before = await load();
  before.report({ ...about, status: '1 of 3 games', state: 'running', stop: () => {} });
  before.report({ ...about, id: 'other', status: 'done', state: 'over' });
  const after = await load();
  expect(after.activities.value).toMatchObject([
    { id: 'import', status: '1 of 3 games, interrupted by a reload', state: 'over', href: '#/device' },
    { id: 'other', status: 'done', state: 'over' },
  ]);
  after.retire('import');
  after.retire('other');
  expect((await load()).activities.value).toEqual([]);
});

test('afterwards is when something has run and nothing runs any more', async () => {
  const { report, retire, afterwards } = await load();
  const passed = vi.fn();
  void afterwards().then(passed);
  const tell = async (id: string, state: 'running' | 'waiting'): Promise<void> => {
    report({ ...about, id, status: '', state });
    await Promise.resolve();
  };
  await tell('first', 'waiting');
  await tell('first', 'running');
  await tell('second', 'running');
  await tell('first', 'waiting');
  expect(passed).not.toHaveBeenCalled();
  retire('second');
  await vi.waitFor(() => expect(passed).toHaveBeenCalledOnce());
});

test('what was kept by something else makes no link', async () => {
  session.set('duomem-kept-activities', JSON.stringify([{ ...about, href: 'javascript:alert(1)' }, 7, null]));
  expect((await load()).activities.value).toEqual([]);
  session.set('duomem-kept-activities', '{');
  expect((await load()).activities.value).toEqual([]);
});
