/** A sealed record taken out of its PDF: what is said without the key, with it, and about the document it is held against. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assess } from '#biometrics/assessment.ts';
import { buildEnvelope } from '#biometrics/cms.ts';
import { algorithm, around, children, element, inPlace, octetString, oid, readDer, sequence, setOf, smallInteger, type Element } from '#biometrics/cms/der.ts';
import { OID } from '#biometrics/cms/object-identifiers.ts';
import { decodeRecord, encodeRecord } from '#biometrics/record.ts';
import { sealRecord } from '#biometrics/seal.ts';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { completedSigning, sha256 } from '#fixtures/completed-signing.ts';
import { plainPdf } from '#fixtures/signed-pdf.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { testExaminer, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { makeKeyPair } from '#keys/key-pair.ts';
import { issueCertificate } from '#keys/x509.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { VerifyResult } from './result.ts';
import { verify } from './verify.ts';

const { sealedRecord, signedPdf, document, examiner, requestId } = await completedSigning();
const root = await testRoot();
const errors = ({ findings }: VerifyResult): string[] => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);

describe('without the key', () => {
  test('who can open it, its size and hash; nothing is shown', async () => {
    const result = await verify(sealedRecord, { trust: [root] });
    expect(result).toMatchObject({
      kind: 'sealed-record', indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND', valid: false, trusted: false, document: null, signatures: [],
      sealedRecords: [{ sha256: sha256(sealedRecord), length: sealedRecord.length, bound: 'claimed', opened: null, recipients: [{ kind: 'p256', issuer: 'CN=Countersign test CA' }] }],
    });
    expect(errors(result)).toEqual(['RECORD_CLOSED']);
  });

  test('another examiner\'s key: said so, and closed', async () => {
    const result = await verify(sealedRecord, { examinerKey: await testExaminer('p256', 'A stranger') });
    expect(result).toMatchObject({ indication: 'INDETERMINATE', sealedRecords: [{ opened: null }] });
    expect(errors(result)).toEqual(['KEY_NOT_A_RECIPIENT']);
  });

  test('sealed to a demo examiner: DEMO, though nothing of it can be read', async () => {
    const { certificate } = await testExaminer('p256', 'x');
    const name = { commonName: 'DEMO examiner' };
    const keys = await makeKeyPair('p256');
    const demo = await issueCertificate({ subject: name, publicKey: keys.publicKey, use: { kind: 'authority' }, days: 10 }, { name, keys });
    const codes = async (examinerCertificate: Uint8Array) => (await verify(await buildEnvelope(new Uint8Array(9), [examinerCertificate]), {})).findings.map(({ code }) => code);
    expect(await codes(demo)).toContain('DEMO');
    expect(await codes(certificate)).not.toContain('DEMO');
  });

  test('cut off at any byte, it is malformed', async () => {
    for (const length of [1, 2, 100, 1000, sealedRecord.length - 1]) {
      expect(errors(await verify(sealedRecord.subarray(0, length), { examinerKey: examiner }))).toEqual(['SEALED_RECORD_MALFORMED']);
    }
  });
});

describe('hostile', () => {
  test('a seal that nobody can open is no record: nothing in it could be checked', async () => {
    const parameters = sequence(octetString(new Uint8Array(12)), smallInteger(16));
    const content = sequence(oid(OID.data), algorithm(OID.aes256Gcm, parameters), element(inPlace(0), new Uint8Array(100)));
    const forNobody = sequence(oid(OID.authEnvelopedData), element(around(0), sequence(smallInteger(0), setOf([]), content, octetString(new Uint8Array(16)))));
    for (const options of [{}, { trust: [root] }, { examinerKey: examiner }]) {
      const result = await verify(forNobody, options);
      expect(result).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', valid: false });
      expect(errors(result)).toEqual(['SEALED_RECORD_MALFORMED']);
    }
  });

  test('bytes slipped in around what is signed and encrypted: it is not whole', async () => {
    const extra = octetString(new TextEncoder().encode('a message'));
    const [type, wrapper] = children(readDer(sealedRecord, 'sealed'), 'sealed');
    const envelope = children(children(wrapper!, 'sealed')[0]!, 'sealed');
    // into the recipient, into what names the cipher, into the parameters of the cipher
    const [version, recipients, content, tag] = envelope as [Element, Element, Element, Element];
    const [dataType, cipher, encrypted] = children(content, 'content') as [Element, Element, Element];
    const [cipherName, parameters] = children(cipher, 'cipher') as [Element, Element];
    const more = ({ tag: kind, content: inside }: Element): Uint8Array => element(kind, inside, extra);
    const rebuilt = (recipient: Uint8Array, named: Uint8Array): Uint8Array => sequence(type!.whole, element(around(0), sequence(
      version.whole, recipient, sequence(dataType.whole, named, encrypted.whole), tag.whole)));
    expect(rebuilt(recipients.whole, cipher.whole)).toEqual(sealedRecord);
    for (const changed of [
      rebuilt(setOf([more(children(recipients, 'recipients')[0]!)]), cipher.whole),
      rebuilt(recipients.whole, more(cipher)),
      rebuilt(recipients.whole, sequence(cipherName.whole, more(parameters))),
    ]) {
      expect(errors(await verify(changed, { examinerKey: examiner }))).toEqual(['SEALED_RECORD_MALFORMED']);
    }
  });

  test('any bytes that begin as DER do: a finding, never a crash', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (rest) => {
      expect(await verify(Uint8Array.of(0x30, ...rest), { examinerKey: examiner })).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
    }));
  });

  test('any bit flipped: not valid with the key', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(sealedRecord.length - 1), fc.nat(7), async (at, bit) => {
      expect((await verify(sealedRecord.with(at, sealedRecord[at]! ^ (1 << bit)), { examinerKey: examiner })).valid).toBe(false);
    }));
  });
});

describe('with the key', () => {
  test('device, document and request are told, and that the document is not here', async () => {
    const result = await verify(sealedRecord, { examinerKey: examiner, trust: [root] });
    expect(result).toMatchObject({
      valid: true, trusted: true, document: { sha256: sha256(document), length: document.length },
      signatures: [{ field: 'guest', signer: 'CN=Test device', intact: true, trusted: true, level: 'CMS', provenTime: null }],
      sealedRecords: [{ name: 'guest', bound: 'claimed', opened: { request: requestId, version: 3, document: { length: document.length } } }],
    });
    expect(result.findings).toContainEqual(expect.objectContaining({ code: 'DOCUMENT_NOT_CHECKED', severity: 'warning' }));
  });

  test.each([['D itself', document], ['the PDF signed over D', signedPdf]])('held against %s: it is the one named', async (_, given) => {
    expect(await verify(sealedRecord, { examinerKey: examiner, document: given })).toMatchObject({ valid: true, sealedRecords: [{ bound: 'checked' }] });
  });

  test('held against a file that only begins with it: what stands behind was not looked at, and that is told', async () => {
    const extended = Buffer.concat([signedPdf, Buffer.from('% and what nobody signed')]);
    for (const [given, behind] of [[document, null], [signedPdf, signedPdf.length - document.length], [extended, extended.length - document.length]] as const) {
      const { findings } = await verify(sealedRecord, { examinerKey: examiner, document: given });
      const told = findings.find(({ code }) => code === 'DOCUMENT_IS_LONGER');
      if (behind === null) expect(told).toBeUndefined();
      else expect(told).toMatchObject({ severity: 'warning', message: expect.stringContaining(`${behind} bytes behind it`) as string });
    }
  });

  test.each([['another document', plainPdf('Another')], ['no PDF at all', new Uint8Array([1, 2, 3])], ['D cut short', document.subarray(0, -1)]])('held against %s: it is not', async (_, given) => {
    const result = await verify(sealedRecord, { examinerKey: examiner, document: given });
    expect(result).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE', sealedRecords: [{ bound: 'claimed' }] });
    expect(errors(result)).toEqual(['RECORD_OF_ANOTHER_DOCUMENT']);
  });

  test('under another root its device is not trusted', async () => {
    const result = await verify(sealedRecord, { examinerKey: examiner, trust: [(await testSigner('Another root')).certificate] });
    expect(result).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND', signatures: [{ trusted: false }] });
  });

  test('made in demo mode it is never valid under a production root', async () => {
    const { sealedRecord: demo } = await signedSample();
    expect(await verify(demo, { examinerKey: examiner, trust: [root] })).toMatchObject({ subIndication: 'CHAIN_CONSTRAINTS_FAILURE' });
  });
});

describe('for an examiner', async () => {
  const sample = await signedSample({ demo: false });
  const { capture, context } = decodeRecord(sample.record);
  const anew = assess(capture, `countersign ${packageJson.version}`);
  const verified = async (changes: Partial<typeof context>) => {
    const sealed = await sealRecord(encodeRecord(capture, { ...context, ...changes }), await testSigner(), [sample.examiner.certificate]);
    return verify(sealed, { examinerKey: sample.examiner });
  };
  const opened = async (changes: Partial<typeof context>) => (await verified(changes)).sealedRecords[0]!.opened!;

  test('the findings of the day and those of today, which agree', async () => {
    expect((await opened({ assessment: anew })).assessment).toEqual({ kept: anew, anew, differing: [] });
  });

  test('where they differ, the codes are named', async () => {
    const kept = { ...anew, software: 'countersign 0.0.1', findings: [...anew.findings.filter(({ code }) => code !== 'RATE'), { code: 'OLD', severity: 'info' as const, message: 'x', values: {} }] };
    const { sealedRecords, findings } = await verified({ assessment: kept });
    expect(sealedRecords[0]?.opened?.assessment).toMatchObject({ kept: { software: 'countersign 0.0.1' }, differing: ['OLD', 'RATE'] });
    expect(findings).toContainEqual(expect.objectContaining({ code: 'ASSESSMENT_DIFFERS', severity: 'note' }));
  });

  test('findings that this very program does not find are told: the device made them up', async () => {
    const kept = { ...anew, findings: anew.findings.map((finding) => finding.code === 'SIZE' ? { ...finding, values: { ...finding.values, strokes: 40 } } : finding) };
    expect((await verified({ assessment: kept })).findings).toContainEqual(expect.objectContaining({ code: 'ASSESSMENT_DIFFERS', severity: 'warning' }));
    expect((await verified({ assessment: anew })).findings.map(({ code }) => code)).not.toContain('ASSESSMENT_DIFFERS');
  });

  test('an honest station is never told to differ, whatever its pen gave', async () => {
    await fc.assert(fc.asyncProperty(arbitraryCapture(), async (any) => {
      const honest = encodeRecord(any, { ...context, assessment: assess(any, `countersign ${packageJson.version}`) });
      const sealed = await sealRecord(honest, await testSigner(), [sample.examiner.certificate]);
      expect((await verify(sealed, { examinerKey: sample.examiner })).sealedRecords[0]?.opened?.assessment.differing).toEqual([]);
    }), { numRuns: 40 });
  });

  test('a record that keeps none has one computed now', async () => {
    expect((await opened({ assessment: null })).assessment).toMatchObject({ kept: null, anew: { summary: anew.summary }, differing: [] });
  });

  test('refusals before, and the desk\'s exception', async () => {
    const acceptance = { refusals: ['TOO_SHORT', 'NO_PRESSURE'], exception: { reason: 'mark' as const, by: 'A. Desk' } };
    expect((await opened({ acceptance })).acceptance).toEqual(acceptance);
  });

  test('no sample is in the result', async () => {
    const marked = { ...capture, samples: capture.samples.map((sample, index) => ({ ...sample, x: 7_654_321 + index / 8 })) };
    const sealed = await sealRecord(encodeRecord(marked, context), await testSigner(), [sample.examiner.certificate]);
    const text = JSON.stringify(await verify(sealed, { examinerKey: sample.examiner }));
    expect(text).toContain('"samples":');
    expect(text).not.toMatch(/76543\d\d/);
  });
});
