/** `countersign keys`: examiner key pairs for custodians, a company's authority, and what keys this station has. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createExaminer, describeCertificate, listExaminers } from '#keys/index.ts';
import { certificateLines } from './keys/certificate-lines.ts';

export const help = `countersign keys: examiner keys, a company's authority, and the keys of this station

  keys examiner new NAME [--folder F] [--type p256|rsa]
                        make a key pair: NAME.key.pem for the custodian, NAME.cert.pem for stations
  keys examiner list [--folder F]
                        the examiner certificates in a folder
  keys examiner split NAME.key.pem --shares 5 --threshold 3 [--folder F] [--certificate CERT] [--delete-key]
                        for several holders: a locked key and one share for each; any 3 of the 5 open it
  keys examiner join LOCKED SHARE SHARE … --certificate CERT [--out FILE | --run COMMAND …]
                        prove that the shares join; --out writes the key to a file in memory (/dev/shm),
                        --out-anywhere also elsewhere; --run runs one command with {key} and wipes it
  keys examiner check FILE …
                        are shares and locked key intact and of one set, and how many are needed
  keys station request --tenant T --site S --station N [--home FOLDER] [--out FILE]
                        make this station's keys and ask for its certificates; on an enrolled station: new ones
  keys station enrol FILE [--root FINGERPRINT] [--home FOLDER]
                        install what the administrator gave back; shows the root's fingerprint where it is not given
  keys station configure FILE … [--home FOLDER]
                        install a newer configuration or revocation list; a running station notices by itself
  keys station show [--home FOLDER]
                        the certificates of this station, whom it seals to, and what is in force
  keys station csr --country LV --organization O --name N [--organization-identifier VATLV-…] [--out FILE]
            [--type p256|rsa | --key KEY] [--home FOLDER]
                        a key and a request for a seal certificate of a certification authority, or its renewal. KEY: a file,
                        "pkcs11:token=T;object=K?module-path=LIBRARY&pin-source=file:F", or the ARN of an AWS KMS key
  keys station install-seal FILE … [--home FOLDER]
                        install what the authority gave back: the certificate and all above it, PEM
  keys station seal [--home FOLDER]
                        the seal certificate, who vouches for it, where its key lies, and when it ends

  keys tenant new TENANT --administrator NAME [--folder F] [--no-passphrase]
                        on the administrator's machine: the company's root and administrator, in a new folder (default: TENANT)
  keys tenant configure [--examiner CERT]… [--custody split|any] [--store-key PUB] [--trust-timestamps CERT|none]…
            [--trust-documents CERT|none]… [--pen-minimum raw,pressure=1024,tilt,inAir,deviceClock|station] [--tsa URL|none]
                        the next signed configuration; what is not named stays. NAME.custody.json beside NAME.cert.pem
                        of an examiner says that the key is split. --tsa: a time-stamp authority that stations ask at Done
  keys tenant enrol REQUEST [--fingerprint "…"] [--months 24] [--supersede-in DAYS]
                        show a request's fingerprint, to be compared with the tablet; with it: give certificates.
                        Those the station had end by themselves; --supersede-in revokes them so many days from now
  keys tenant revoke STATION --invalid-since TIME|now --reason REASON [--site S] [--newer keep|revoke]
                        take a station's certificates back. TIME, as 2026-11-20T18:00:00Z: the last moment at which the
                        tablet was surely in honest hands. REASON: keyCompromise (lost, stolen), cessationOfOperation
                        (retired), superseded, unspecified. --newer: what of certificates made after TIME
  keys tenant renew-lists
                        device list and revocation list once more, before the latter is due
  keys tenant administrator NAME
                        a new administrator in place of the one before
  keys tenant list      what was given out, what was taken back, what ends within 60 days

  --passphrase-file F   of a tenant's keys; else it is asked for
  --root-key FILE       where the key of a tenant's root is kept on another medium
  --folder F            default: this folder
  --type                p256 (default) or rsa (3072 bits)
  --json                the result as JSON

Make an examiner key on the custodian's machine, never on a station: the private half opens signatures.
`;

export async function run(argv: string[]): Promise<number> {
  if (argv[0] === 'examiner' && ['split', 'join', 'check'].includes(argv[1] ?? '')) return (await import('./keys/custody.ts')).run(argv.slice(1));
  if (argv[0] === 'tenant') return (await import('./keys/tenant.ts')).run(argv.slice(1));
  if (argv[0] === 'station') return (await import('./keys/station.ts')).run(argv.slice(1));
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: { folder: { type: 'string', default: '.' }, type: { type: 'string', default: 'p256' }, json: { type: 'boolean', default: false } },
  });
  const [whose, action, name] = positionals;
  const folder = resolve(values.folder);
  if (whose === 'examiner' && action === 'new') return newExaminer(folder, name, values.type, values.json);
  if (whose === 'examiner' && action === 'list') return listAll(folder, values.json);
  process.stderr.write(help);
  return 2;
}

async function newExaminer(folder: string, name: string | undefined, type: string, json: boolean): Promise<number> {
  if (name === undefined) throw new Error('say for whom: countersign keys examiner new "Notary Example"');
  if (type !== 'p256' && type !== 'rsa') throw new Error(`--type ${type}: there is p256 and rsa`);
  const made = await createExaminer(folder, { name, type });
  const { sha256 } = describeCertificate(made.certificate);
  print(json, { key: made.keyPath, certificate: made.certPath, sha256 }, `Private key   ${made.keyPath}
Certificate   ${made.certPath}
SHA-256       ${sha256}

Keep the private key under lock; it opens every signature sealed to it. Give the certificate to stations.
Whoever installs it compares the SHA-256 with you, by telephone or in person.
`);
  return 0;
}

function listAll(folder: string, json: boolean): number {
  const found = listExaminers(folder);
  print(json, found.map(({ name, certPath, description }) => ({ name, certificate: certPath, ...description })),
    found.length === 0 ? `No examiner certificate (*.cert.pem) in ${folder}.\n` : found.map(({ name, description }) => certificateLines(name, description)).join('\n'));
  return found.length === 0 ? 1 : 0;
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
}
