/** The process in which a stranger's file is upgraded or sealed. Before: `in-child.ts` or `seal-in-child.ts` spawned it. After: its answer goes back. */
import type { Signer } from '#biometrics/signer.ts';
import { fromBase64, toBase64 } from '../child/base64.ts';
import { serve, type Ask } from '../child/index.ts';
import { looksLikeZip } from '../zip.ts';
import { addSeal } from './add-seal.ts';
import { downloadsBy } from './asked-download.ts';
import type { Question, UpgradeAnswer, UpgradeParameters } from './in-child.ts';
import type { SealAnswer, SealParameters, SealQuestion } from './seal-in-child.ts';
import { upgradeDocument, type UpgradeOptions } from './upgrade-document.ts';
import { sealPacket, upgradePacket } from './upgrade-packet.ts';

await serve<UpgradeParameters | SealParameters, UpgradeAnswer | SealAnswer>((parameters, input, ask) => (
  parameters.work === 'seal' ? sealed(parameters, input, ask) : upgraded(parameters, input, ask)));

async function upgraded(parameters: UpgradeParameters, input: Uint8Array, ask: Ask): Promise<{ result: UpgradeAnswer; output: Uint8Array | undefined }> {
  const options = optionsOf(parameters, ask);
  if (looksLikeZip(input)) {
    const { packet, version, steps, notes } = await upgradePacket(input, { ...options, software: parameters.software });
    return { result: { kind: 'packet', changed: packet !== input, version, steps, notes }, output: packet !== input ? packet : undefined };
  }
  const { pdf, steps, notes } = await upgradeDocument(input, options);
  return { result: { kind: 'pdf', changed: pdf !== input, version: null, steps, notes }, output: pdf !== input ? pdf : undefined };
}

async function sealed({ certificate, chain, algorithm, signedAt, place, demo, software }: SealParameters, input: Uint8Array, ask: Ask): Promise<{ result: SealAnswer; output: Uint8Array }> {
  const seal: Signer = {
    certificate: fromBase64(certificate), chain: chain.map(fromBase64), algorithm,
    sign: async (data) => fromBase64(await ask({ ask: 'sign', data: toBase64(data) } satisfies SealQuestion) as string),
  };
  const options = { signedAt: new Date(signedAt), place, demo };
  if (looksLikeZip(input)) {
    const { packet, field, version } = await sealPacket(input, seal, { ...options, software });
    return { result: { field, version }, output: packet };
  }
  const { bytes, field } = await addSeal(input, seal, options);
  return { result: { field, version: null }, output: bytes };
}

function optionsOf({ to, trust, tsa, tokens, given, online }: UpgradeParameters, ask: Ask): UpgradeOptions {
  const bytesFor = async (question: Question): Promise<Uint8Array> => fromBase64(await ask(question) as string);
  return {
    to, tsa, trust: trust.map(fromBase64), tokens: tokens.map(fromBase64),
    given: { certificates: given.certificates.map(fromBase64), crls: given.crls.map(fromBase64), ocsps: given.ocsps.map(fromBase64) },
    tsaInstead: (sha256) => bytesFor({ ask: 'time-stamp', sha256: toBase64(sha256) }),
    online: online ? { instead: downloadsBy(ask) } : null,
  };
}
