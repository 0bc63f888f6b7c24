/** Where a station keeps its data, and the options every command shares for naming it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `--home`, else COUNTERSIGN_HOME, else `~/.countersign`. Absolute. */
export function homeFolder(option: string | undefined): string {
  return resolve(option ?? process.env['COUNTERSIGN_HOME'] ?? join(homedir(), '.countersign'));
}

/**
 * A TCP port from an option or an environment variable; `0` takes a free one.
 * @throws Error naming what was given, if it is no port.
 */
export function portNumber(option: string | undefined, variable: string, fallback: number): number {
  const given = option ?? process.env[variable];
  if (given === undefined || given === '') return fallback;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`"${given}" is no port. Give a number from 0 to 65535; 0 takes a free one.`);
  return port;
}

export const DEFAULT_PORT = 4780;
/** 631 is IPP's own, but below 1024 and often taken by CUPS. */
export const DEFAULT_PRINTER_PORT = 8631;
