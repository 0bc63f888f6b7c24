/**
 * The names in a tenant's certificates. The root alone gives them, and they alone tell what a certificate is for:
 *
 *   root            O=TENANT, CN=TENANT Countersign root
 *   administrator   O=TENANT, CN=administrator NAME
 *   station         O=TENANT, OU=SITE, CN=device STATION, and CN=seal STATION
 *
 * TENANT, SITE and STATION are labels, so that nobody can put one part of a name into another.
 */
import { X509Certificate } from 'node:crypto';
import { describeCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import type { Name } from '../x509-parts.ts';
import type { StationName } from './documents.ts';

export type StationUse = 'device' | 'seal';

/** The same labels that `station.json` takes. */
const LABEL = /^[a-z0-9][a-z0-9-]{0,40}$/;

/** Windows takes a file of such a name, whatever its ending, for a device: an enrolment written to it would be gone. */
const DEVICE_OF_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)$/;

export function rootName(tenant: string): Name {
  return { organization: tenant, commonName: `${tenant} Countersign root` };
}

export function administratorName(tenant: string, name: string): Name {
  return { organization: tenant, commonName: `administrator ${name}` };
}

export function stationSubject({ tenant, site, station }: StationName, use: StationUse): Name {
  return { organization: tenant, unit: site, commonName: `${use} ${station}` };
}

/** @throws KeyError `NAME_INVALID` for an administrator without a name, which `x509-parts.ts` would not see behind "administrator " */
export function checkedAdministrator(name: string): string {
  if (name.trim() === '') throw new KeyError('NAME_INVALID', 'An administrator needs a name, which stands on every paper: 1 to 50 characters.');
  return name;
}

/** Whose root this is. @throws KeyError `CERTIFICATE_MALFORMED` for bytes that are no tenant's root */
export function tenantOfRoot(root: Uint8Array): string {
  describeCertificate(root);
  const { subject, ca } = new X509Certificate(root);
  const tenant = /^O=(.+)\nCN=(.+) Countersign root$/.exec(subject ?? '');
  if (tenant === null || tenant[1] !== tenant[2] || !LABEL.test(tenant[1]!) || !ca) {
    throw new KeyError('CERTIFICATE_MALFORMED', 'This certificate is not the root of a tenant. Expected the root.cert.pem that "countersign keys tenant new" makes.');
  }
  return tenant[1]!;
}

/** @throws KeyError `NAME_INVALID` */
export function checkedLabel(value: string, what: string): string {
  if (!LABEL.test(value)) {
    throw new KeyError('NAME_INVALID', `${JSON.stringify(value)} is no name for a ${what}: small letters, digits and dashes, at most 41, beginning with a letter or digit.`);
  }
  if (DEVICE_OF_WINDOWS.test(value)) throw new KeyError('NAME_INVALID', `"${value}" is no name for a ${what}: files named so cannot be kept on Windows. Add a digit or a word.`);
  return value;
}
