/** What one would do next at the end of a task. */
import { formatRoute, type PlaySetup, setupParams } from '../route.ts';

export function Onward({ setup }: { setup: PlaySetup }) {
  const { source, memory } = setup;
  const links: readonly (readonly [string, Partial<PlaySetup>])[] = [
    ...(source.kind === 'home'
      ? [['Next task', { source: { ...source, task: source.task + 1 } }] as const]
      : []),
    memory === 'none'
      ? ['The same with memory', { memory: 'memp' }]
      : ['The same without memory', { memory: 'none' }],
  ];
  return (
    <p className="onward">
      {links.map(([title, change]) => (
        <a key={title} className="button" href={formatRoute('play', setupParams({ ...setup, ...change }))}>
          {title}
        </a>
      ))}
      <a className="button" href={formatRoute('race', setupParams(setup))}>
        Watch both
      </a>
    </p>
  );
}
