/** What the demo shows at its end: the eight promises as a table, and the commands with which anyone checks again. */
import type { PromiseResult } from './promise.ts';

/** Paths of what the demo leaves. */
export interface DemoFiles {
  /** D: the document as displayed, hashed and signed. */
  document: string;
  signedPdf: string;
  /** CMS AuthEnvelopedData, DER. */
  sealedRecord: string;
  /** The record inside, opened with the examiner's key. */
  record: string;
  /** ASiC-E container. */
  packet: string;
  /** The packet as it lies in the store: an AWS Encryption SDK message. */
  envelope: string;
  replayPng: string;
  examinerKey: string;
  examinerCert: string;
  /** Root certificate of the demo's own authority, PEM. */
  trust: string;
}

const WIDTH = 100;

export function table(promises: readonly PromiseResult[]): string {
  const rows = promises.map(({ id, name, held, how }) => {
    const [first = '', ...more] = wrap(how, WIDTH - 12);
    return [`  ${id}  ${held ? 'held    ' : 'NOT HELD'}  ${name}`, `               ${first}`, ...more.map((line) => `               ${line}`)].join('\n');
  });
  return `\nThe eight promises\n\n${rows.join('\n')}\n`;
}

/** Standard programs only: nothing of Countersign is needed to check. */
export function commands(files: DemoFiles): string {
  const q = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
  const list = Object.entries(files).map(([name, path]) => `  ${name.padEnd(14)}${path}`).join('\n');
  return `
Files

${list}

Check it yourself

  # the signed PDF: the signature, and that it covers the whole file
  pdfsig ${q(files.signedPdf)}

  # the sealed record: open it with the examiner's key, then verify the device's signature
  openssl cms -decrypt -binary -inform DER -in ${q(files.sealedRecord)} -inkey ${q(files.examinerKey)} -recip ${q(files.examinerCert)} -out signed-record.der
  openssl cms -verify -binary -inform DER -in signed-record.der -CAfile ${q(files.trust)} -purpose any -out record.bin
  cmp record.bin ${q(files.record)}

  # the packet: what is in it, its checksums, and its signature
  unzip -o -d packet ${q(files.packet)}
  (cd packet && sha256sum -c SHA256SUMS)
  openssl cms -verify -binary -cades -inform DER -in packet/META-INF/signature001.p7s -content packet/META-INF/ASiCManifest001.xml -CAfile ${q(files.trust)} -purpose any -out /dev/null

This is a demonstration with throw-away keys: DEMO, not evidence.
`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
