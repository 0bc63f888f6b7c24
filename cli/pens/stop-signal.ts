/** Aborted by Ctrl+C, by whoever ends the program, when nobody reads the output any more, or after so many seconds. */
export function stopSignal(seconds?: number): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => asked.abort());
  process.stdout.once('error', () => asked.abort());
  return seconds === undefined ? asked.signal : AbortSignal.any([asked.signal, AbortSignal.timeout(seconds * 1_000)]);
}
