/**
 * Passphrases of an administrator's keys: from a file, or typed without echo. Never an argument: arguments stand in the
 * shell's history and in the list of processes. A terminal that records what is typed, and a string in this process's
 * memory until it ends, are not guarded against.
 */
import { readFileSync, statSync } from 'node:fs';

export interface Terminal {
  input: Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'pause' | 'resume'>;
  output: { write(text: string): unknown };
}

const CONTROL = { interrupt: '\u0003', endOfInput: '\u0004', backspace: '\b', delete: '\u007f', eraseLine: '\u0015' } as const;

/** Asks at most once, however many keys are opened. */
export function passphraseSource(file: string | undefined): () => Promise<string> {
  let asked: Promise<string> | undefined;
  return () => {
    asked ??= file === undefined ? ask('Passphrase: ') : Promise.resolve(readPassphraseFile(file));
    return asked;
  };
}

/** For new keys; typed twice. Null only where `none` says so. */
export async function choosePassphrase({ file, none }: { file: string | undefined; none: boolean }, terminal?: Terminal): Promise<string | null> {
  if (none) return null;
  if (file !== undefined) return readPassphraseFile(file);
  const first = await ask('Passphrase for the new keys (12 characters or more): ', terminal);
  if (await ask('Once more: ', terminal) !== first) throw new Error('the two passphrases differ. Nothing was made; begin again');
  return first;
}

/** The first line. */
function readPassphraseFile(path: string): string {
  const { mode } = statSync(path);
  const regular = (mode & 0o170000) === 0o100000;
  if (regular && process.platform !== 'win32' && (mode & 0o077) !== 0) throw new Error(`${path} can be read by other users of this machine. Close it with: chmod 600 ${path}`);
  return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0]!;
}

/** What is typed until Enter; nothing of it is shown. */
export async function ask(prompt: string, { input, output }: Terminal = { input: process.stdin, output: process.stderr }): Promise<string> {
  if (!input.isTTY) throw new Error('a passphrase is needed, and there is no terminal to ask on. Give it in a file: --passphrase-file FILE');
  input.setEncoding('utf8');
  input.setRawMode(true);
  output.write(prompt);
  try {
    return await new Promise((resolve, reject) => {
      let typed = '';
      const gone = (): void => done(() => reject(new Error('the terminal was closed. Nothing was made')));
      const heard = (chunk: string): void => {
        for (const key of chunk) {
          if (key === '\r' || key === '\n') return done(() => resolve(typed));
          if (key === CONTROL.interrupt || key === CONTROL.endOfInput) return done(() => reject(new Error('interrupted; nothing was made')));
          if (key === CONTROL.eraseLine) typed = '';
          else if (key === CONTROL.backspace || key === CONTROL.delete) typed = [...typed].slice(0, -1).join('');
          // Unseen, an arrow would become a part of the passphrase that nobody knows of.
          else if (/\p{Cc}/u.test(key)) return done(() => reject(new Error('a key was pressed that is no character, perhaps an arrow. Nothing was made; begin again')));
          else typed += key;
        }
      };
      const done = (then: () => void): void => {
        input.off('data', heard);
        input.off('end', gone);
        then();
      };
      input.on('data', heard);
      input.on('end', gone);
      input.resume();
    });
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

/** The PIN of a PKCS#11 token, typed without echo. */
export function askPin(): Promise<string> {
  if (!process.stdin.isTTY) throw new Error('the token’s PIN is needed, and there is no terminal to ask on. Name a file with it in the URI: pin-source=file:FILE');
  return ask('PIN of the token: ');
}
