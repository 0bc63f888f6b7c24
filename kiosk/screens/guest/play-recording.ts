import type { Sample } from '#biometrics/sample.ts';

/** Hands over recorded samples frame by frame, in the recording's own time. Stops in silence when aborted. */
export function playRecording(samples: readonly Sample[], signal: AbortSignal, give: (samples: readonly Sample[]) => void): Promise<void> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const first = samples[0]?.hostTime ?? 0;
    let next = 0;
    const frame = (now: number): void => {
      if (signal.aborted) return resolve();
      const until = first + (now - startedAt) * 1e6;
      const from = next;
      while (next < samples.length && (samples[next]?.hostTime ?? 0) <= until) next++;
      if (next > from) give(samples.slice(from, next));
      if (next < samples.length) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
}
