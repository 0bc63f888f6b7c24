/**
 * `countersign keys station csr | install-seal | seal`: an organisation's seal certificate of a certification authority, from
 * the request to the renewal. The station's own seal, which the tenant gives, is `station.ts`.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installedSeal, installSeal, pendingSealRequest, requestSeal, sealWarning, wordsOf, type InstalledSeal, type KeyChoice } from '#keys/index.ts';
import { writePrivateFile } from '#keys/file-secret-store.ts';
import { homeFolder } from '../home.ts';
import { certificateLines } from './certificate-lines.ts';
import { askPin } from './passphrase.ts';

export async function run([action, ...argv]: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      home: { type: 'string' }, country: { type: 'string' }, organization: { type: 'string' }, 'organization-identifier': { type: 'string' },
      name: { type: 'string' }, type: { type: 'string' }, key: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean', default: false },
    },
  });
  const home = homeFolder(values.home);
  if (action === 'csr') return request(home, values, values.json);
  if (action === 'install-seal') return install(home, positionals, values.json);
  return show(home, values.json);
}

interface Asked { country?: string; organization?: string; 'organization-identifier'?: string; name?: string; type?: string; key?: string; out?: string }

async function request(home: string, asked: Asked, json: boolean): Promise<number> {
  const { country, organization, name, out } = asked;
  if (country === undefined || organization === undefined || name === undefined) {
    throw new Error('name the organisation as the authority knows it: countersign keys station csr --country LV --organization "Hotel SIA" --name "Hotel SIA seal"');
  }
  const subject = { country, organization, organizationIdentifier: asked['organization-identifier'] ?? null, commonName: name };
  const made = await requestSeal(home, subject, choiceOf(asked), askPin);
  if (out !== undefined) writePrivateFile(resolve(out), readFileSync(made.path));
  print(json, { request: made.path, copy: out === undefined ? null : resolve(out), fingerprint: made.fingerprint, renewal: made.renewal }, `Request       ${made.path}
${out === undefined ? '' : `Copy          ${resolve(out)}\n`}Fingerprint   ${made.fingerprint}

Give the file to a certification authority, and ask for a certificate for sealing documents. ${made.renewal ? 'The seal of now stays in force until the new one is installed.' : 'Many demand that the key is made in hardware: --key.'}
Then install what comes back, with all certificates up to the authority’s root:

  countersign keys station install-seal FILE …
`);
  return 0;
}

function choiceOf({ type = 'p256', key }: Asked): KeyChoice {
  if (key !== undefined) return { reference: /^(pkcs11|arn):/.test(key) ? key : resolve(key) };
  if (type !== 'p256' && type !== 'rsa') throw new Error(`--type ${type}: there is p256 and rsa`);
  return { make: type };
}

function install(home: string, files: string[], json: boolean): number {
  if (files.length === 0) throw new Error('name what the authority gave back: countersign keys station install-seal CERTIFICATE CHAIN');
  const seal = installSeal(home, files.map((file) => readFileSync(file, 'latin1')));
  print(json, described(seal), `Installed.

${linesOf(seal)}
Compare the SHA-256 of the root with what the authority publishes.
`);
  return 0;
}

function show(home: string, json: boolean): number {
  const [seal, pending] = [installedSeal(home), pendingSealRequest(home)];
  const asked = pending === null ? '' : `Asked for     ${pending}\n`;
  if (seal === null) {
    print(json, { seal: null, request: pending }, `No seal certificate of an authority is installed.\n${asked}`);
    return 1;
  }
  print(json, { seal: described(seal), request: pending }, `${linesOf(seal)}${asked}`);
  return 0;
}

function described(seal: InstalledSeal): object {
  const { subject, issuer, serial, notBefore, notAfter, sha256, keyType, kind, rootSha256, reference } = seal;
  return { subject, issuer, serial, notBefore, notAfter, sha256, keyType, kind, rootSha256, reference, vouched: wordsOf(seal.kind, seal.issuer), warning: sealWarning(seal, new Date()) };
}

function linesOf(seal: InstalledSeal): string {
  const warning = sealWarning(seal, new Date());
  return `${certificateLines('seal', seal)}  vouched  ${wordsOf(seal.kind, seal.issuer)}
  root     ${seal.rootSha256}
  lies in  ${seal.reference}
  used     ${/^(pkcs11|arn):/.test(seal.reference) ? 'later, with countersign packet seal: nobody at Done waits for a token or a service' : 'at Done on an enrolled station, while it is valid; elsewhere with countersign packet seal'}
${warning === null ? '' : `\n${warning}\n`}`;
}

function print(json: boolean, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
}
