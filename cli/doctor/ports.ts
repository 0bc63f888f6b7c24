/** Are the ports of the screens and the printer free, or taken by a station of ours? */
import { createServer } from 'node:net';
import { askStation } from '../control.ts';
import type { Finding } from './finding.ts';

export async function ports(home: string, wanted: { port: number; 'printer-port': number }): Promise<Finding[]> {
  const running = await askStation(home, { command: 'status' }).catch(() => null);
  const findings: Finding[] = [];
  for (const id of ['port', 'printer-port'] as const) {
    const number = wanted[id];
    if (running !== null) findings.push({ id, state: 'ok', detail: 'a station is running on this data folder', advice: '' });
    else if (number === 0 || await isFree(number)) findings.push({ id, state: 'ok', detail: `${number} is free`, advice: '' });
    else findings.push({ id, state: 'missing', detail: `${number} is taken by another program`, advice: `Start with --${id} 0, or another number.` });
  }
  return findings;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
