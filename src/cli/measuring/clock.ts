/** Milliseconds by the clock on the wall, or by the CPU time that this process has used. */
export function clockOf(kind: 'wall' | 'cpu'): () => number {
  return () => {
    if (kind === 'wall') return performance.now();
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
}
