/** Plants a violation of every wall of the house and sees lint fail on it. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** [file that imports, what it imports]. Each must be refused. */
const FORBIDDEN: [string, string][] = [
  ['biometrics/planted.ts', '#keys/index.ts'],
  ['biometrics/planted.ts', '#packet/index.ts'],
  ['biometrics/planted.ts', 'node:fs'],
  ['keys/planted.ts', '#packet/index.ts'],
  ['keys/planted.ts', '#sync-agent/index.ts'],
  ['driver/planted.ts', '#keys/index.ts'],
  ['driver/planted.ts', '#kiosk/station/index.ts'],
  ['driver/pointer/planted.ts', 'node:fs'],
  ['driver/pointer/planted.ts', '../source.ts'],
  ['print-to-tab/planted.ts', '#biometrics/sample.ts'],
  ['print-to-tab/planted.ts', '#kiosk/station/index.ts'],
  ['packet/planted.ts', '#sync-agent/index.ts'],
  ['packet/planted.ts', '#kiosk/protocol/index.ts'],
  ['packet/intake/planted.ts', '#driver/source.ts'],
  ['sync-agent/planted.ts', '#biometrics/sample.ts'],
  ['sync-agent/planted.ts', '#packet/index.ts'],
  ['examiner/planted.ts', '#keys/index.ts'],
  ['examiner/planted.ts', '#kiosk/protocol/index.ts'],
  ['kiosk/protocol/planted.ts', '#packet/index.ts'],
  ['kiosk/protocol/planted.ts', 'node:fs'],
  ['kiosk/station/planted.ts', '#examiner/index.ts'],
  ['kiosk/station/planted.ts', '#kiosk/screens/guest/main.tsx'],
  ['kiosk/station/planted.ts', '../shell/main.ts'],
  ['kiosk/station/planted.ts', 'electron'],
  ['kiosk/screens/planted.ts', '#kiosk/station/index.ts'],
  ['kiosk/screens/guest/planted.ts', '../../station/index.ts'],
  ['kiosk/screens/planted.ts', '#driver/source.ts'],
  ['kiosk/screens/planted.ts', '#packet/index.ts'],
  ['kiosk/screens/planted.ts', 'node:fs'],
  ['kiosk/shell/planted.ts', '#kiosk/station/index.ts'],
  ['kiosk/shell/planted.ts', '#biometrics/sample.ts'],
  ['kiosk/sample/planted.ts', '#kiosk/station/index.ts'],
  ['kiosk/sample/planted.ts', '#packet/index.ts'],
  ['kiosk/planted.ts', '#kiosk/station/index.ts'],
  ['cli/planted.ts', '#fixtures/arbitrary-sample.ts'],
  ['cli/planted.ts', 'electron'],
  ['packet/planted.ts', '../keys/index.ts'],
  ['packet/planted.ts', 'pdf-lib'],
  ['kiosk/sample/planted.ts', 'pdf-lib'],
  ['fixtures/planted.ts', 'pdf-lib'],
];

/** These must pass, or the test above could be green for a wrong reason. */
const ALLOWED: [string, string][] = [
  ['keys/planted.ts', '#biometrics/signer.ts'],
  ['driver/pointer/planted.ts', '#biometrics/sample.ts'],
  ['packet/planted.ts', '#biometrics/signer.ts'],
  ['sync-agent/planted.ts', '#keys/index.ts'],
  ['examiner/planted.ts', '#packet/index.ts'],
  ['kiosk/station/planted.ts', '#sync-agent/outbox.ts'],
  ['kiosk/screens/planted.ts', '#driver/pointer/index.ts'],
  ['kiosk/screens/planted.ts', '#kiosk/protocol/index.ts'],
  ['kiosk/shell/planted.ts', 'electron'],
  ['kiosk/shell/planted.ts', '#kiosk/supervisor.ts'],
  ['kiosk/sample/planted.ts', '#packet/text/index.ts'],
  ['cli/planted.ts', '#examiner/index.ts'],
];

/** Plants every case under a name of its own, lints once, and gives the names that lint refused. */
async function refused(cases: readonly (readonly [string, string])[]): Promise<Set<string>> {
  const plot = mkdtempSync(join(tmpdir(), 'walls-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(plot, '.oxlintrc.json'));
    for (const [index, [file, imported]] of cases.entries()) {
      const path = join(plot, name(index, file));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `import * as planted from '${imported}';\nexport default planted;\n`);
    }
    const output = await run(join(root, 'node_modules/.bin/oxlint'), ['--format=unix', '.'], { cwd: plot }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
    const lines = output.split('\n').filter((line) => line.includes('no-restricted-imports'));
    return new Set(lines.map((line) => line.slice(0, line.indexOf(':')).replaceAll('\\', '/')));
  } finally {
    rmSync(plot, { recursive: true, force: true });
  }
}

const name = (index: number, file: string) => file.replace('planted', `planted-${index}`);

describe('walls', async () => {
  const found = await refused([...FORBIDDEN, ...ALLOWED]);
  it.each(FORBIDDEN.map(([file, imported], index) => ({ file, imported, index })))('$file may not import $imported', ({ file, index }) => {
    expect(found).toContain(name(index, file));
  });
  it.each(ALLOWED.map(([file, imported], index) => ({ file, imported, index: FORBIDDEN.length + index })))('$file may import $imported', ({ file, index }) => {
    expect(found).not.toContain(name(index, file));
  });
});
