/** `countersign keys tenant …`: the administrator of a hotel company. On the administrator's machine, never on a station. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isEncryptedKey } from '#keys/encrypted-key.ts';
import { describeCertificate } from '#keys/index.ts';
import { FILES, newTenant, overview, renewLists, replaceAdministrator } from '#keys/tenant/index.ts';
import { choosePassphrase } from './passphrase.ts';
import { forShell, only, open, OPTIONS, print } from './tenant-command.ts';
import { configureTenant } from './tenant-configure.ts';
import { enrolStation } from './tenant-enrol.ts';
import { listTenant } from './tenant-list.ts';
import { revokeStation } from './tenant-revoke.ts';

export async function run([action, ...argv]: string[]): Promise<number> {
  switch (action) {
    case 'new': return makeTenant(argv);
    case 'configure': return configureTenant(argv);
    case 'enrol': return enrolStation(argv);
    case 'revoke': return revokeStation(argv);
    case 'renew-lists': return renew(argv);
    case 'administrator': return changeAdministrator(argv);
    case 'list': return listTenant(argv);
    default: throw new Error('countersign keys tenant new, configure, enrol, revoke, renew-lists, administrator or list; "countersign keys --help" explains them');
  }
}

async function makeTenant(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv, allowPositionals: true,
    options: {
      folder: { type: 'string' }, administrator: { type: 'string' }, 'passphrase-file': { type: 'string' }, 'no-passphrase': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { administrator } = values;
  const say = 'name the company and yourself: countersign keys tenant new nord-hotels --administrator "Anna Example"';
  const name = only(positionals, say);
  if (administrator === undefined) throw new Error(say);
  const passphrase = await choosePassphrase({ file: values['passphrase-file'], none: values['no-passphrase'] });
  const tenant = await newTenant(resolve(values.folder ?? name), { tenant: name, administrator, passphrase });
  const { root } = overview(tenant);
  const rootKey = join(tenant.folder, FILES.rootKey);
  print(values.json, { folder: tenant.folder, rootCertificate: join(tenant.folder, FILES.rootCertificate), rootKey, root, encrypted: passphrase !== null }, `Folder        ${tenant.folder}
Root          ${join(tenant.folder, FILES.rootCertificate)}, until ${root.notAfter.slice(0, 10)}
Fingerprint   ${root.fingerprint}
Root's key    ${rootKey}${passphrase === null ? ', under no passphrase' : ''}

Whoever has the root's key is this company to every station and every verifier. Copy it to two or more media that lie under
lock in different buildings, try each copy, and remove it from here; where it is needed, name it with --root-key FILE. Lost,
it cannot be made again: stations then go on until their certificates end, and none can be enrolled or revoked.
Write the fingerprint down: whoever enrols a tablet compares it with what the tablet shows.

Next, say to whom records are sealed:

  countersign keys tenant configure --folder ${forShell(tenant.folder)} --examiner NAME.cert.pem --store-key store.public.pem
`);
  return 0;
}

async function renew(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const { tenant, unlock } = await open(values);
  const after = await renewLists(tenant, unlock);
  const { number, nextUpdate } = after.crl.list;
  print(values.json, { number, nextUpdate, deviceList: after.devices.path, revocationList: after.crl.path }, `Device list        ${after.devices.path}
Revocation list    ${after.crl.path}, number ${number}, to be renewed by ${nextUpdate?.slice(0, 10)}

Give both to whoever verifies. Stations take the revocation list along, so that it is inside what they sign from then on:

  countersign keys station configure ${forShell(after.crl.path)}

A station that still has the old one goes on.
`);
  return 0;
}

async function changeAdministrator(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS });
  const name = only(positionals, 'name the new administrator: countersign keys tenant administrator "Bert Example"');
  const { tenant, unlock } = await open(values);
  // The new key is kept as the root's is, which has to be opened anyway; the administrator's before may be lost.
  const rootKey = values['root-key'] ?? join(tenant.folder, FILES.rootKey);
  const encrypted = existsSync(rootKey) && isEncryptedKey(readFileSync(rootKey, 'latin1'));
  const after = await replaceAdministrator(tenant, { name, newPassphrase: encrypted ? await unlock.passphrase() : null, ...unlock });
  const { subject, notAfter } = describeCertificate(after.administrator.certificate);
  const files = [...(after.configuration === null ? [] : [after.configuration.path]), after.crl.path];
  const { path: deviceList } = after.devices;
  print(values.json, { administrator: subject, notAfter, files, deviceList }, `Administrator  ${subject}, until ${notAfter.slice(0, 10)}
${files.map((file) => `New            ${file}\n`).join('')}
The certificate of the one before is revoked${encrypted ? ', and the passphrase is the same' : ''}. Whoever left with a copy of the root's key is not shut
out by this: then make a new tenant. Give the new files to every station:

  countersign keys station configure ${files.map(forShell).join(' ')}

and both lists to whoever verifies:

  ${deviceList}
  ${after.crl.path}
`);
  return 0;
}
