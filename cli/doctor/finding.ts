/** What one check found. `missing` is needed to run; `warning` runs, but a promise or a convenience is not held. */
export interface Finding {
  id: 'node' | 'home' | 'browser' | 'electron' | 'pens' | 'pads' | 'pad-checksum' | 'serial-pens' | 'port' | 'printer-port' | 'clock' | 'disk-encryption' | 'keys' | 'seal' | 'store' | 'kms';
  state: 'ok' | 'warning' | 'missing' | 'unknown';
  detail: string;
  /** What to do about it; empty where nothing is to be done. */
  advice: string;
}
