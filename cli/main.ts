/**
 * `countersign COMMAND …`: finds the command's file and runs it.
 *
 * Before: `countersign.js` made sure that Node and the modules are there.
 * After: one file per command, each with `help` and `run(argv)`.
 * Exit codes of every command: 0 done, or "yes"; 1 the answer is no; 2 could not run.
 */
import packageJson from '../package.json' with { type: 'json' };

export interface Command {
  help: string;
  /** @returns the exit code. Anything thrown is told in one line and exits with 2. */
  run(argv: string[]): Promise<number>;
}

const COMMANDS: Record<string, { about: string; load: () => Promise<Command> }> = {
  start: { about: 'run a station: guest screen, desk screen, printer', load: () => import('./start.ts') },
  demo: { about: 'the whole way of one signature, unattended, checked', load: () => import('./demo.ts') },
  doctor: { about: 'what this machine has and lacks', load: () => import('./doctor.ts') },
  pens: { about: 'pens and signature pads: what is attached, live values, recordings', load: () => import('./pens.ts') },
  print: { about: 'print a PDF to a tablet', load: () => import('./print.ts') },
  verify: { about: 'check a signed PDF, a packet or a sealed record', load: () => import('./verify.ts') },
  packet: { about: 'make a signed PDF verifiable for longer: PAdES B-T, B-LT, B-LTA', load: () => import('./packet.ts') },
  timestamp: { about: 'proof by a third party that a file existed at a time', load: () => import('./timestamp.ts') },
  audit: { about: 'check the signed heads of a station\'s days', load: () => import('./audit.ts') },
  open: { about: 'open the sealed record of a packet', load: () => import('./open.ts') },
  export: { about: 'give a record out in a standard form', load: () => import('./export.ts') },
  import: { about: 'make a recording of a file in a standard form', load: () => import('./import.ts') },
  measure: { about: 'how far a record can be examined, and how the pen moved', load: () => import('./measure.ts') },
  replay: { about: 'see how the pen moved', load: () => import('./replay.ts') },
  keys: { about: 'examiner keys, a company\'s authority, the keys of this station', load: () => import('./keys.ts') },
  hid: { about: 'what a HID device says it sends, and what a recording of it says', load: () => import('./hid.ts') },
  sync: { about: 'packets on their way to the store', load: () => import('./sync.ts') },
};

export async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  const load = COMMANDS[name]?.load;
  if (load === undefined) {
    process.stderr.write(`countersign: there is no command "${name}". "countersign --help" lists them.\n`);
    return 2;
  }
  try {
    const command = await load();
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(command.help.endsWith('\n') ? command.help : `${command.help}\n`);
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    process.stderr.write(`countersign ${name}: ${visible(error instanceof Error ? error.message : String(error))}\n`);
    if (process.env['COUNTERSIGN_DEBUG'] !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 2;
  }
}

/** What a stranger's file says is quoted in messages; a terminal must not obey it. Line breaks stay. */
function visible(message: string): string {
  return message.replaceAll(/[^\P{Cc}\n]/gu, (control) => `\\x${control.codePointAt(0)!.toString(16).padStart(2, '0')}`);
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}${about}`);
  return `countersign ${packageJson.version}: a signature on a tablet, worth what ink on paper is worth

Usage: countersign COMMAND [OPTIONS]

${lines.join('\n')}

"countersign COMMAND --help" explains one. Exit codes: 0 yes or done, 1 no, 2 could not run.
`;
}
