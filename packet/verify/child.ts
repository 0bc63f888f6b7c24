/** The process in which `verify` and `sightedRecords` run on foreign bytes. Before: `in-child.ts` spawned it. After: its answer goes back. */
import { fromBase64 } from '../child/base64.ts';
import { serve } from '../child/index.ts';
import { downloadsBy } from '../upgrade/asked-download.ts';
import type { SightedRecord } from './against.ts';
import type { VerifyParameters } from './in-child.ts';
import type { VerifyResult } from './result.ts';
import { sightedRecords } from './sighted-records.ts';
import { verify } from './verify.ts';

await serve<VerifyParameters, VerifyResult | SightedRecord[]>(async (parameters, input, ask) => {
  const { work, privateKey, certificate } = parameters;
  const examinerKey = privateKey === null ? undefined : { privateKey: fromBase64(privateKey), certificate: certificate === null ? undefined : fromBase64(certificate) };
  if (work === 'list') return { result: await sightedRecords(input, examinerKey) };
  const { fileLength, trust, certificates, online, voids, devices, revoked, timeStamps, timeStampTrust, now } = parameters;
  const file = fileLength === null ? input : input.subarray(0, fileLength);
  return {
    result: await verify(file, {
      trust: trust?.map(fromBase64), examinerKey, now: now === null ? undefined : new Date(now),
      devices: devices === null ? undefined : fromBase64(devices), revoked: revoked.map(fromBase64),
      online: online ? { instead: downloadsBy(ask) } : null, voids: voids.map(fromBase64), certificates: certificates.map(fromBase64), timeStamps: timeStamps.map(fromBase64), timeStampTrust: timeStampTrust?.map(fromBase64),
      document: fileLength === null ? undefined : input.subarray(fileLength),
    }),
  };
});
