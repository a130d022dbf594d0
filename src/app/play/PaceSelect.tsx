/** How fast an episode plays. */

/** Milliseconds of rest after each step. */
const PACES = [
  ['slow', 2000],
  ['readable', 900],
  ['fast', 250],
  ['as fast as it goes', 0],
] as const;
export type Pace = (typeof PACES)[number][0];

export function restOf(pace: Pace): number {
  return PACES.find(([name]) => name === pace)?.[1] ?? 0;
}

interface PaceSelectProps {
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
  /** Goes on at another pace, where something runs. */
  readonly run?: ((restMs: number) => void) | undefined;
}

export function PaceSelect({ pace, onPace, run }: PaceSelectProps) {
  return (
    <select
      aria-label="Pace"
      value={pace}
      onChange={(event) => {
        const chosen = event.target.value as Pace;
        onPace(chosen);
        run?.(restOf(chosen));
      }}
    >
      {PACES.map(([name]) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
