/**
 * `countersign start`: a station on embedded defaults.
 *
 * Before: `countersign.js`. After: `kiosk/supervisor.ts` runs the station and the sync-agent.
 * Standard output carries addresses only (one JSON line with `--json`); everything else goes to standard error.
 */
import { parseArgs } from 'node:util';
import { buildScreens } from '#kiosk/build-screens.ts';
import { buildShell } from '#kiosk/shell/build-shell.ts';
import { startHouse } from '#kiosk/supervisor.ts';
import type { Protection } from '#keys/index.ts';
import { electronBinary, openWindow } from './browser/open-window.ts';
import { askStation, type Reply } from './control.ts';
import { DEFAULT_PORT, DEFAULT_PRINTER_PORT, homeFolder, portNumber } from './home.ts';

export const help = `countersign start: run a station

  --home FOLDER         where data lies (COUNTERSIGN_HOME; default ~/.countersign)
  --port N              guest and desk screens (COUNTERSIGN_PORT; default ${DEFAULT_PORT}; 0 takes a free one)
  --printer-port N      the printer (COUNTERSIGN_PRINTER_PORT; default ${DEFAULT_PRINTER_PORT}; 0 takes a free one)
  --listen ADDRESS      listen there instead of on 127.0.0.1, over TLS only; 0.0.0.0 for every network
                        (tablets must trust tablet-authority.pem of the data folder)
  --no-window           open no window
  --json                one line when ready: {ready,guest,desk,printer,home,pid,syncPid}

Stop it with Ctrl+C.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      home: { type: 'string' }, port: { type: 'string' }, 'printer-port': { type: 'string' }, listen: { type: 'string' },
      'no-window': { type: 'boolean' }, json: { type: 'boolean' },
    },
  });
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const home = homeFolder(values.home);
  const port = portNumber(values.port, 'COUNTERSIGN_PORT', DEFAULT_PORT);
  const printerPort = portNumber(values['printer-port'], 'COUNTERSIGN_PRINTER_PORT', DEFAULT_PRINTER_PORT);

  const { built } = await buildScreens();
  if (built) log('The screens were built.');
  if (electronBinary() !== null) await buildShell();
  // heard from here on: a signal that came between start and listening would leave the services without their supervisor
  const asked = stopped();
  const house = await startHouse({ home, port, printerPort, listen: values.listen, log });

  if (values.json === true) {
    const { guest, desk, printer, pid, syncPid } = house;
    process.stdout.write(`${JSON.stringify({ ready: true, guest, desk, printer, home, pid, syncPid })}\n`);
  }
  const status = await askStation(home, { command: 'status' }).catch(() => null);
  if (values.json !== true) process.stdout.write(welcome(house, home, nextStep(status)));
  warnOfUnprotectedKey(status, log);
  const window = values['no-window'] === true ? null : await openWindow(house.guest, home, log);

  const why = await Promise.race([asked, house.ended]);
  await window?.close();
  await house.stop();
  if (typeof why === 'string') {
    log(why);
    return 2;
  }
  log('Stopped. Nothing is lost: waiting documents and packets are kept.');
  return 0;
}

function welcome(house: { guest: string; desk: string; printer: string }, home: string, next: string): string {
  return `
Countersign is ready.

  Guest screen   ${house.guest}
  Desk screen    ${house.desk}
  Printer        ${house.printer}
  Data           ${home}

  ${next}
  The two addresses work once, for one browser each. Stop with Ctrl+C.

`;
}

/** What whoever has started it does now: in demo mode, before the enrolment, after it. */
function nextStep(status: Reply | null): string {
  const papers = status?.ok === true ? status['papers'] as { mode: string; request?: { fingerprint: string }; capture: { allowed: boolean; reason?: string } } : null;
  if (papers?.mode === 'awaiting enrolment') return `It waits for its enrolment. Fingerprint for the tenant’s administrator: ${papers.request?.fingerprint}`;
  if (papers?.mode !== 'enrolled') return 'Open the desk screen and press "Try it" to see one signature from beginning to end.';
  return papers.capture.allowed ? 'Open the desk screen, and print to a tablet.' : `NOTHING CAN BE SIGNED. ${papers.capture.reason}`;
}

/** Promise 5 for what still waits: said wherever the machine does not keep the at-rest key for us. */
function warnOfUnprotectedKey(status: Reply | null, log: (line: string) => void): void {
  const atRest = status?.ok === true ? status['atRest'] as Protection : null;
  if (atRest?.held === false) log(`If this machine is stolen, documents that wait for a guest are not held: ${atRest.advice} (the key to them is a ${atRest.kind}). Signatures and signed packets are.`);
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
