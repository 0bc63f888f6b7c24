/**
 * `sync.json` in the data folder: where packets go and under which key. Without the file: a local folder, and the
 * public key the station already has.
 *
 * No secret stands in it: credentials come from the AWS SDK's own chain (environment, profile, instance).
 */
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SyncError } from './errors.ts';
import type { KmsKey } from './keyrings.ts';
import type { S3Options } from './stores/s3.ts';

export interface SyncConfiguration {
  store: { kind: 'folder'; path: string } | ({ kind: 's3' } & S3Options);
  /** null: wrap for the station's own store key. */
  kms: (KmsKey & { offline: OfflineKey | null }) | null;
}

/** An RSA public key that takes KMS's place while KMS is away. */
export interface OfflineKey {
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array;
  /** ARN of the KMS key whose public half it is; null where the private half is kept elsewhere. */
  kmsKeyArn: string | null;
}

export const DEFAULT_REGION = 'eu-north-1';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KMS_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]+$/;

/**
 * @param home the data folder
 * @throws SyncError `CONFIGURATION`; the message names file and setting
 */
export function readConfiguration(home: string): SyncConfiguration {
  const path = join(home, 'sync.json');
  if (!existsSync(path)) return { store: { kind: 'folder', path: join(home, 'store') }, kms: null };
  const root = new Setting(path, '', parseJson(path));
  root.allow('store', 'kms');
  return { store: readStore(root.child('store'), home), kms: readKms(root.child('kms'), home) };
}

function readStore(setting: Setting, home: string): SyncConfiguration['store'] {
  const kind = setting.given ? setting.child('kind').oneOf('folder', 's3') : 'folder';
  if (kind === 'folder') {
    setting.allow('kind', 'path');
    return { kind, path: below(home, setting.child('path').textOr('store')) };
  }
  setting.allow('kind', 'bucket', 'region', 'endpoint', 'serverSideKmsKeyArn', 'timeoutMs');
  return {
    kind,
    bucket: setting.child('bucket').matching(BUCKET, 'a bucket name'),
    region: readRegion(setting.child('region')),
    ...optional('endpoint', readEndpoint(setting.child('endpoint'))),
    ...optional('serverSideKmsKeyArn', setting.child('serverSideKmsKeyArn').matchingOrAbsent(KMS_ARN, 'the ARN of a KMS key')),
    ...optional('timeoutMs', setting.child('timeoutMs').integerOrAbsent(1_000, 600_000)),
  };
}

function readKms(setting: Setting, home: string): SyncConfiguration['kms'] {
  if (!setting.given) return null;
  setting.allow('kmsKeyArn', 'region', 'endpoint', 'offlinePublicKey', 'offlineKmsKeyArn');
  const kmsKeyArn = setting.child('kmsKeyArn').matching(KMS_ARN, 'the ARN of a KMS key');
  const region = readRegion(setting.child('region'));
  if (KMS_ARN.exec(kmsKeyArn)?.[1] !== region) throw setting.child('kmsKeyArn').wrong(`a key in ${region}`);
  return { kmsKeyArn, region, ...optional('endpoint', readEndpoint(setting.child('endpoint'))), offline: readOffline(setting, home) };
}

function readOffline(setting: Setting, home: string): OfflineKey | null {
  const file = setting.child('offlinePublicKey');
  const kmsKeyArn = setting.child('offlineKmsKeyArn').matchingOrAbsent(KMS_ARN, 'the ARN of a KMS key') ?? null;
  if (!file.given) {
    if (kmsKeyArn !== null) throw file.wrong('the PEM file with the public half of offlineKmsKeyArn');
    return null;
  }
  try {
    const key = createPublicKey(readFileSync(below(home, file.textOr('')), 'utf8'));
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) throw new Error('not RSA of 2,048 bits or more');
    return { spki: new Uint8Array(key.export({ type: 'spki', format: 'der' })), kmsKeyArn };
  } catch (cause) {
    throw file.wrong(`a PEM file with an RSA public key (${(cause as Error).message})`);
  }
}

function readRegion(setting: Setting): string {
  return setting.matchingOrAbsent(REGION, 'an AWS region') ?? DEFAULT_REGION;
}

/** TLS, except to this machine itself. */
function readEndpoint(setting: Setting): string | undefined {
  if (!setting.given) return undefined;
  const text = setting.textOr('');
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && local)) throw setting.wrong('an https:// address');
  return text;
}

function below(home: string, path: string): string {
  return isAbsolute(path) ? path : join(home, path);
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : { [key]: value } as Record<K, V>;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SyncError('CONFIGURATION', `${path} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

/** One value of the file, knowing its name, so that each complaint says where it is. Values are not repeated: they may be secrets put there by mistake. */
class Setting {
  readonly #file: string;
  readonly #name: string;
  readonly #value: unknown;

  constructor(file: string, name: string, value: unknown) {
    this.#file = file;
    this.#name = name;
    this.#value = value;
  }

  get given(): boolean {
    return this.#value !== undefined;
  }

  child(name: string): Setting {
    const value = this.given ? this.#object()[name] : undefined;
    return new Setting(this.#file, this.#name === '' ? name : `${this.#name}.${name}`, value);
  }

  allow(...names: string[]): void {
    const unknown = this.given ? Object.keys(this.#object()).find((name) => !names.includes(name)) : undefined;
    if (unknown !== undefined) throw this.child(unknown).wrong(`nothing: the settings here are ${names.join(', ')}`);
  }

  oneOf<T extends string>(...values: T[]): T {
    const value = values.find((each) => each === this.#value);
    if (value === undefined) throw this.wrong(values.join(' or '));
    return value;
  }

  textOr(otherwise: string): string {
    if (!this.given) return otherwise;
    if (typeof this.#value !== 'string' || this.#value === '') throw this.wrong('a text');
    return this.#value;
  }

  matching(pattern: RegExp, what: string): string {
    if (typeof this.#value !== 'string' || !pattern.test(this.#value)) throw this.wrong(what);
    return this.#value;
  }

  matchingOrAbsent(pattern: RegExp, what: string): string | undefined {
    return this.given ? this.matching(pattern, what) : undefined;
  }

  integerOrAbsent(min: number, max: number): number | undefined {
    if (!this.given) return undefined;
    const value = this.#value as number;
    if (!Number.isInteger(value) || value < min || value > max) throw this.wrong(`a whole number from ${min} to ${max}`);
    return value;
  }

  wrong(expected: string): SyncError {
    return new SyncError('CONFIGURATION', `${this.#file}: ${this.#name || 'the file'} should be ${expected}.`);
  }

  #object(): Record<string, unknown> {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value)) throw this.wrong('an object in braces');
    return this.#value as Record<string, unknown>;
  }
}
