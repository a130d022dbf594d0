/** What one would do next at the end of a task. */
import { useRef } from 'react';
import { useFollow } from '../parts/use-follow.ts';
import { formatRoute, type PlaySetup, setupParams } from '../route.ts';

export function Onward({ setup }: { setup: PlaySetup }) {
  const { source, memory } = setup;
  const first = useRef<HTMLAnchorElement>(null);
  useFollow(first);
  const links: readonly (readonly [string, Partial<PlaySetup>])[] = [
    ...(source.kind === 'home'
      ? [['Next task', { source: { ...source, task: source.task + 1 }, from: undefined }] as const]
      : []),
    memory === 'none'
      ? ['The same with memory', { memory: 'memp' }]
      : ['The same without memory', { memory: 'none' }],
  ];
  return (
    <p className="onward">
      {links.map(([title, change], i) => (
        <a
          key={title}
          ref={i === 0 ? first : null}
          className="button"
          href={formatRoute('play', setupParams({ ...setup, ...change }))}
        >
          {title}
        </a>
      ))}
      <a className="button" href={formatRoute('race', setupParams({ ...setup, from: undefined }))}>
        Watch both
      </a>
    </p>
  );
}
