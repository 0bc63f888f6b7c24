import { expect, test } from 'vitest';
import type { Acceptance } from '#biometrics/context.ts';
import { signedSample } from '#fixtures/signed-sample.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { factsOf } from './facts.ts';
import { openPacket } from './open-packet.ts';
import { replayOf } from './replay.ts';

const sample = await signedSample();
const opened = await openPacket(sample.sealedRecord, new TextEncoder().encode(pem('PRIVATE KEY', sample.examiner.privateKey)));

const refusals = ['CAPTURE_LINE', 'CAPTURE_TOO_FAST'];
test.each<[string, Acceptance | null, [string, string, string][]]>([
  ['nothing, where the record says nothing', null, []],
  ['the policy', { refusals: [], exception: null }, [['Accepted', 'by the station’s policy', 'text']]],
  ['what was refused before', { refusals, exception: null }, [['Refused before', 'CAPTURE_LINE, CAPTURE_TOO_FAST', 'text'], ['Accepted', 'by the station’s policy', 'text']]],
  ['who took it as what', { refusals, exception: { reason: 'assisted', by: 'Front desk' } }, [
    ['Refused before', 'CAPTURE_LINE, CAPTURE_TOO_FAST', 'text'],
    ['Accepted', 'by Front desk, written with a hand that was helped, whatever the station’s policy would have said', 'warning'],
  ]],
  ['a finger, of which the policy asks all but the pen', { refusals: [], exception: { reason: 'finger', by: 'Front desk' } }, [
    ['Accepted', 'by Front desk, written with a finger in the place of a pen', 'warning'],
  ]],
])('how a signature came to be accepted: %s', (_, acceptance, told) => {
  const record = { ...opened.record, context: { ...opened.record.context, acceptance } };
  const facts = factsOf({ ...opened, record }, replayOf(opened.record.capture));
  expect(facts.filter(({ label }) => label === 'Accepted' || label === 'Refused before').map(({ label, value, kind }) => [label, value, kind])).toEqual(told);
});
