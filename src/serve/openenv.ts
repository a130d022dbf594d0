/**
 * The requests of OpenEnv's HTTP interface (reset, step, state; huggingface/OpenEnv, src/openenv/core/env_server/types.py)
 * told as this service's own, and its answers back. An episode is named by `episode_id`, `default` where none is given.
 */
import type { Answer, Service } from './service.ts';

export const OPENENV_PATHS = ['/reset', '/step', '/state'] as const;
export type OpenEnvPath = (typeof OPENENV_PATHS)[number];

/** Answers one; the status is HTTP's. */
export async function answerOpenEnv(
  service: Service,
  path: OpenEnvPath,
  body: Readonly<Record<string, unknown>>,
): Promise<{ readonly status: number; readonly answer: Answer }> {
  const { episode_id = 'default', request_id: _, timeout_s: __, action, ...rest } = body;
  const request =
    path === '/step'
      ? { op: 'step', ...rest, episode: episode_id, action: commandOf(action) }
      : { op: path.slice(1), ...rest, episode: episode_id };
  const answer = await service.request(request);
  if ('error' in answer) return { status: 400, answer };
  const { observation, admissible, score, done, steps, episode, ...about } = answer;
  if (path === '/state')
    return { status: 200, answer: { episode_id: episode, step_count: steps, done, ...about } };
  const seen = { text: observation, admissible_commands: admissible, ...about };
  return { status: 200, answer: { observation: seen, reward: path === '/reset' ? null : score, done } };
}

/** OpenEnv's actions are objects: {"command": "look"}. */
function commandOf(action: unknown): unknown {
  return typeof action === 'object' && action !== null && 'command' in action ? action.command : action;
}
