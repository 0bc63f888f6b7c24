/**
 * What a station asks of its tenant's administrator, checked: names that can stand in a certificate, two requests signed by
 * two different P-256 keys, each for its own name. That the station is really the tablet at that desk is not in here: for
 * this the fingerprint of the file is compared with the one on the tablet.
 */
import type { KeyObject } from 'node:crypto';
import { equalBytes } from '#biometrics/cms/der.ts';
import { KeyError } from '../errors.ts';
import { readCertificateRequest } from '../request.ts';
import { distinguishedName } from '../x509-parts.ts';
import type { EnrolmentRequest, StationName } from './documents.ts';
import { checkedLabel, stationSubject, type StationUse } from './names.ts';
import { readPaper } from './paper.ts';

export interface RequestedKeys {
  station: StationName;
  device: KeyObject;
  seal: KeyObject;
}

/** @param file the request as the station wrote it. @throws KeyError `PAPER_MALFORMED`, `NAME_INVALID`, `REQUEST_INVALID` */
export function readEnrolmentRequest(file: Uint8Array): RequestedKeys {
  const paper = readPaper('countersign enrolment request', file);
  for (const part of ['tenant', 'site', 'station'] as const) checkedLabel(paper.station[part], part);
  const [device, seal] = [keyOf(paper, 'device'), keyOf(paper, 'seal')];
  if (device.equals(seal)) throw new KeyError('REQUEST_INVALID', 'This request names one key for both uses: the device key and the seal key must be two.');
  return { station: paper.station, device, seal };
}

function keyOf(paper: EnrolmentRequest, use: StationUse): KeyObject {
  const { subject, publicKey } = readCertificateRequest(Buffer.from(paper[use], 'base64'));
  if (!equalBytes(subject, distinguishedName(stationSubject(paper.station, use)))) {
    throw new KeyError('REQUEST_INVALID', `The ${use} key in this request is asked for under another name than "${use} ${paper.station.station}" of this station.`);
  }
  return publicKey;
}
