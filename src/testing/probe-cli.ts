/** The frame of the duomem command around the probes, to be run as a process by the tests. */
import { runProcess } from '../cli/program/process.ts';
import { probes } from './probes.ts';

await runProcess(probes);
