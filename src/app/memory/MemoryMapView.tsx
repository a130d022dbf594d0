/**
 * The memories as a map: every dot a task, near each other where they mean the like. It is read by pointer, or by the
 * arrow keys from dot to dot; what a search found is marked.
 */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { table } from '../../base/table.ts';
import { taskTypeName } from '../../base/task-types.ts';
import type { MemoryMap as MapData, MapDot, MemoryGroup } from '../../protocol/data.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { useMedia } from '../parts/use-media.ts';
import { plural, sentence } from '../parts/words.ts';
import { go } from '../use-route.ts';
import { data } from '../worker-client.ts';
import { type DotPosition, draw, nearestDot, neighbour, placeDots } from './map-picture.ts';

export interface MemoryMapViewProps {
  /** What the search found; empty where nothing was asked. */
  readonly found: readonly MemoryGroup[];
  /** The memory that is read, and its task. */
  readonly id: string | null;
  readonly task: string | undefined;
  readonly query: string;
}

export function MemoryMapView(props: MemoryMapViewProps) {
  const map = useAnswer([], () => data().memoryMap());
  if (map === undefined) return <ComingMap />;
  if (!map.ok) return <p className="notice bad">{formatRefusal(map.error)}</p>;
  if (map.value.dots.length === 0) return <p className="quiet">There is nothing to draw yet.</p>;
  return <Picture map={map.value} {...props} />;
}

/** As large as the map that takes its place: what stands below would move from under the pointer. */
export function ComingMap() {
  return (
    <div className="memory-map">
      <div className="memory-map-picture coming" />
      <p className="map-said quiet">Drawing the map …</p>
    </div>
  );
}

function Picture({ map, found, id, task, query }: MemoryMapViewProps & { map: MapData }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [at, setAt] = useState<number>();
  const places = useMemo(() => placeDots(map.dots, size), [map, size]);
  const marked = useMemo(() => new Set(found.map(({ task }) => task)), [found]);
  const chosen = useMemo(
    () => map.dots.findIndex((dot) => dot.id === id || dot.task === task),
    [map, id, task],
  );

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const dark = useMedia('(prefers-color-scheme: dark)');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours are another picture
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, map.dots, places, { marked, chosen, at });
  }, [map, places, marked, chosen, at, dark]);

  const open = (dot: MapDot | undefined): void => {
    if (dot !== undefined) go('memory', { ...(query === '' ? {} : { q: query }), id: dot.id });
  };
  const near = useCallback(
    (event: React.PointerEvent): number | undefined => {
      const box = event.currentTarget.getBoundingClientRect();
      return nearestDot(places, { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    [places],
  );
  const dot = at === undefined ? undefined : map.dots[at];
  // Before the picture has its size they'd all stand in its corner.
  const labels = useMemo(() => (size.width === 0 ? [] : labelsOf(map, places)), [map, places, size]);
  return (
    <div className="memory-map">
      <div className="memory-map-picture">
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={`Map of ${plural(map.dots.length, 'task')} that are remembered. Move with the arrow keys, open one with Enter.`}
          onPointerMove={(event) => setAt(near(event))}
          onPointerLeave={() => setAt(undefined)}
          onPointerDown={(event) => open(map.dots[near(event) ?? -1])}
          onKeyDown={(event) => {
            const step = DIRECTIONS[event.key];
            if (step !== undefined) {
              event.preventDefault();
              setAt(at === undefined ? Math.max(0, chosen) : neighbour(places, at, step));
            } else if (event.key === 'Enter') open(dot);
          }}
        />
        {labels.map(({ text, type, x, y }) => (
          <span
            key={text}
            className="map-label"
            style={{ left: x, top: y, borderColor: `var(--type-${type})` }}
            aria-hidden="true"
          >
            {text}
          </span>
        ))}
      </div>
      <p className="map-said" role="status">
        {dot === undefined
          ? `${map.dots.length < map.tasks ? `${map.dots.length.toLocaleString('en')} of ` : ''}${plural(map.tasks, 'task')} by meaning: near means alike, roughly. A flat map shows ${Math.round(100 * map.share)} % of how they differ.`
          : `${sentence(dot.task)} ${taskTypeName(map.types[dot.type] ?? '')}, ${plural(dot.count, 'memory', 'memories')}.`}
      </p>
    </div>
  );
}

const DIRECTIONS: Readonly<Record<string, DotPosition>> = table({
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
});

/** A name for each kind of task, where most of it lies. */
function labelsOf({ dots, types }: MapData, places: readonly DotPosition[]) {
  const labels = types.flatMap((type, number) => {
    const own = places.filter((_, i) => dots[i]?.type === number);
    if (own.length === 0) return [];
    const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
    const [x, y] = [median(own.map((place) => place.x)), median(own.map((place) => place.y))];
    return [{ text: taskTypeName(type), type: number % 6, x, y }];
  });
  // Names that would lie on each other move apart, from the top.
  const sorted = labels.sort((a, b) => a.y - b.y);
  for (const [i, label] of sorted.entries()) {
    for (const above of sorted.slice(0, i)) {
      if (Math.abs(label.x - above.x) < 150 && label.y - above.y < 22) label.y = above.y + 22;
    }
  }
  return sorted;
}
