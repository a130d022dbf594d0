/** Words and figures of models and their downloads. */
import type { ModelCard } from '../../protocol/models.ts';
import type { DownloadProgress } from '../../weights/download/download.ts';
import { HUBS } from '../../weights/download/hub.ts';
import type { ModelOrigin } from '../../weights/download/model-entry.ts';
import { size } from '../parts/words.ts';

/** `about 4 minutes`. */
function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return 'less than a minute';
  if (minutes < 90) return `about ${Math.round(minutes)} minute${Math.round(minutes) === 1 ? '' : 's'}`;
  return `about ${Math.round(minutes / 60)} hours`;
}

/** `1.2 of 2.3 GB, 41 MB/s, about 1 minute left`. */
export function told({ bytesDone, bytes, bytesPerSecond, remainingMs }: DownloadProgress): string {
  const parts = [`${size(bytesDone)} of ${size(bytes)}`];
  if (bytesPerSecond !== undefined) parts.push(`${size(bytesPerSecond)}/s`);
  if (remainingMs !== undefined && remainingMs > 0) parts.push(`${duration(remainingMs)} left`);
  return parts.join(', ');
}

export function whence(origin: ModelOrigin): string {
  if (origin.kind === 'hub') return `${origin.repository} on Hugging Face`;
  return origin.kind === 'url' ? new URL(origin.url).host : `the folder ${origin.name}`;
}

/** The hosts that a click on Fetch asks, for the person to know beforehand. */
export function hostsOf(origin: ModelOrigin): string {
  const library = [HUBS.gitHubApi, HUBS.gitHubRaw];
  const hosts =
    origin.kind === 'hub'
      ? [HUBS.huggingFace, ...library]
      : origin.kind === 'url'
        ? [new URL(origin.url).origin, ...library]
        : library;
  return hosts.map((one) => new URL(one).host).join(', ');
}

export function parametersInWords({ shape }: Pick<ModelCard, 'shape'>): string {
  const { hiddenSize, layers, heads, kvHeads, headDim, intermediateSize, vocabulary, tied } = shape;
  const attention = hiddenSize * headDim * (2 * heads + 2 * kvHeads);
  const all =
    layers * (attention + 3 * hiddenSize * intermediateSize) + vocabulary * hiddenSize * (tied ? 1 : 2);
  return `${(all / 1e9).toFixed(1)} billion parameters`;
}
