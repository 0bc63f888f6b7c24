/** The process in which a stranger's file is upgraded. Before: `in-child.ts` spawned it. After: its answer goes back. */
import { serve, type Ask } from '../child/index.ts';
import { looksLikeZip } from '../zip.ts';
import { fromBase64, toBase64, type Question, type UpgradeAnswer, type UpgradeParameters } from './in-child.ts';
import { upgradeDocument, type UpgradeOptions } from './upgrade-document.ts';
import { upgradePacket } from './upgrade-packet.ts';

await serve<UpgradeParameters, UpgradeAnswer>(async (parameters, input, ask) => {
  const options = optionsOf(parameters, ask);
  if (looksLikeZip(input)) {
    const { packet, version, steps, notes } = await upgradePacket(input, { ...options, software: parameters.software });
    return { result: { kind: 'packet', changed: packet !== input, version, steps, notes }, output: packet !== input ? packet : undefined };
  }
  const { pdf, steps, notes } = await upgradeDocument(input, options);
  return { result: { kind: 'pdf', changed: pdf !== input, version: null, steps, notes }, output: pdf !== input ? pdf : undefined };
});

function optionsOf({ to, trust, tsa, tokens, given, online }: UpgradeParameters, ask: Ask): UpgradeOptions {
  const bytesFor = async (question: Question): Promise<Uint8Array> => fromBase64(await ask(question) as string);
  return {
    to, tsa, trust: trust.map(fromBase64), tokens: tokens.map(fromBase64),
    given: { certificates: given.certificates.map(fromBase64), crls: given.crls.map(fromBase64), ocsps: given.ocsps.map(fromBase64) },
    tsaInstead: (sha256) => bytesFor({ ask: 'time-stamp', sha256: toBase64(sha256) }),
    online: !online ? null : {
      instead: (address, { post, accept, most }) => bytesFor({ ask: 'download', address, accept, most, post: post === undefined ? null : { body: toBase64(post.body), type: post.type } }),
    },
  };
}
