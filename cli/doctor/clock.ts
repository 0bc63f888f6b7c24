/** Is the wall clock kept by a time service? Every time in a record says how it was known. */
import { spawnSync } from 'node:child_process';
import type { Finding } from './finding.ts';

const id = 'clock';
const advice = 'Turn on time synchronisation (timedatectl set-ntp true, or the system settings), so that claimed times can be believed.';

const QUESTIONS: Record<string, { program: string; args: string[]; yes: RegExp; no: RegExp }> = {
  linux: { program: 'timedatectl', args: ['show', '--property=NTPSynchronized'], yes: /=yes/, no: /=no/ },
  darwin: { program: 'systemsetup', args: ['-getusingnetworktime'], yes: /: On/, no: /: Off/ },
  win32: { program: 'w32tm', args: ['/query', '/status'], yes: /Stratum: (?!0)\d/, no: /Stratum: 0/ },
};

export function clock(): Finding {
  const question = QUESTIONS[process.platform];
  const answer = question === undefined ? '' : spawnSync(question.program, question.args, { encoding: 'utf8', timeout: 5_000 }).stdout ?? '';
  if (question?.yes.test(answer) === true) return { id, state: 'ok', detail: 'kept by a time service', advice: '' };
  if (question?.no.test(answer) === true) return { id, state: 'warning', detail: 'not synchronised', advice };
  return { id, state: 'unknown', detail: 'whether it is synchronised could not be found out', advice };
}
