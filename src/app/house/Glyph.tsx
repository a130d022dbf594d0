/** Small line drawings of the kinds of places, as on an architect's plan. Decoration: the name stands beside them. */
import { table } from '../../base/table.ts';

/** SVG paths in a box of 24 by 18. */
const DRAWINGS: Readonly<Record<string, string>> = table({
  cabinet: 'M3 2h18v14H3zM12 2v14M10 8v2M14 8v2',
  shelf: 'M2 5h20M2 12h20M4 5v11M20 5v11',
  drawer: 'M3 3h18v12H3zM3 9h18M11 6h2M11 12h2',
  countertop: 'M1 5h22v3H1zM3 8v8M21 8v8',
  diningtable: 'M2 5h20v2H2zM5 7v9M19 7v9',
  coffeetable: 'M3 8h18v2H3zM6 10v6M18 10v6',
  sidetable: 'M6 5h12v2H6zM8 7v9M16 7v9M8 12h8',
  desk: 'M2 5h20v2H2zM4 7v9M20 7v9M13 7v6h7',
  fridge: 'M6 1h12v16H6zM6 7h12M9 3v2M9 9v3',
  microwave: 'M2 4h20v11H2zM5 7h10v5H5zM18 7v1M18 10v1',
  sinkbasin: 'M2 8h20l-2 7H4zM12 8V3h4v2',
  bathtubbasin: 'M1 8h22l-2 7H3zM4 8V3h3',
  stoveburner: 'M12 2a7 7 0 1 0 .01 0M12 5.500a3.500 3.500 0 1 0 .01 0',
  coffeemachine: 'M6 2h12v3H9v9h9v2H6zM11 8h6v4h-6z',
  toaster: 'M3 6h18v9H3zM7 6V3M17 6V3M7 9h10',
  bed: 'M2 4v12M2 12h20v4M22 12V9H9v3M2 8h6v4',
  sofa: 'M4 9V4h16v5M2 8h3v4h14V8h3v7H2z',
  armchair: 'M6 9V3h12v6M3 8h4v4h10V8h4v7H3z',
  ottoman: 'M4 6h16v6H4zM6 12v4M18 12v4',
  tvstand: 'M5 1h14v8H5zM12 9v3M2 12h20v4H2z',
  dresser: 'M3 2h18v14H3zM3 7h18M3 11.500h18M11 4.500h2M11 9h2M11 14h2',
  garbagecan: 'M6 5h12l-1.500 12h-9zM5 5h14M10 2h4',
  laundryhamper: 'M5 4h14l-2 13H7zM8 8h8M9 12h6',
  safe: 'M3 2h18v14H3zM12 5a4 4 0 1 0 .01 0M12 7v4',
  toilet: 'M6 1h12v5H6zM8 6h8v4a4 4 0 0 1-8 0zM10 14v3M14 14v3',
  towelholder: 'M3 3h18M7 3v12h10V3',
  handtowelholder: 'M3 3h18M8 3v9h8V3',
  toiletpaperhanger: 'M4 3v4h4M12 4a5 5 0 1 0 .01 0M12 8a1 1 0 1 0 .01 0',
  cart: 'M4 3h16v3H4zM4 11h16v3H4zM5 6v5M19 6v5M7 16h.01M17 16h.01',
});
const BOX = 'M4 3h16v12H4z';

/** An SVG path in a box of 24 by 18. */
export function glyphOf(type: string): string {
  return DRAWINGS[type] ?? BOX;
}

export function Glyph({ type }: { type: string }) {
  return (
    <svg className="glyph" viewBox="0 0 24 18" width="24" height="18" aria-hidden="true" focusable="false">
      <path d={glyphOf(type)} />
    </svg>
  );
}
