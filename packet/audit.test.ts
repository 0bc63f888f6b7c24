import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendEvent, checkDisclosed, pseudonym, verifyTrail, type AuditEvent } from './audit.ts';
import { readAuditFile, writeAuditFile, type AuditFile, type AuditOrigin } from './audit-file.ts';

type NewEvent = Parameters<typeof appendEvent>[1];

const newEvent: fc.Arbitrary<NewEvent> = fc.record({
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  timeSource: fc.constantFrom('system', 'ntp'),
  actor: fc.record({ kind: fc.constantFrom('guest', 'desk', 'station', 'print-client', 'examiner'), name: fc.option(fc.string({ unit: 'grapheme' })), authenticated: fc.boolean() }),
  action: fc.string(),
  request: fc.option(fc.uuid()),
  details: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })), { noNullPrototype: true }),
});

const withOrigin = fc.tuple(newEvent, fc.option(fc.record({ station: fc.string(), software: fc.string(), device: fc.string() })))
  .map(([event, origin]): NewEvent => (origin === null ? event : { ...event, origin }));

const NOT_SAID: AuditOrigin = { station: null, place: null, disclosed: [] };

const trail = fc.array(withOrigin, { minLength: 2, maxLength: 8 }).map(chain);

function chain(events: readonly NewEvent[]): AuditEvent[] {
  const chained: AuditEvent[] = [];
  for (const event of events) chained.push(appendEvent(chained.at(-1) ?? null, event));
  return chained;
}

test('a trail is intact as it was written, and after its way through audit.json', () => {
  fc.assert(fc.property(trail, (events) => {
    expect(verifyTrail(events)).toEqual({ intact: true, events: events.length, problems: [] });
    const file: AuditFile = { request: 'r1', signedAt: '2026-11-21T09:00:00.000Z', demo: true, consent: { sha256: 'ab'.repeat(32), language: 'lv', version: '1' }, ...NOT_SAID, events };
    expect(verifyTrail(readAuditFile(writeAuditFile(file)).events).intact).toBe(true);
  }));
});

test('an event removed anywhere but at the end is noticed', () => {
  fc.assert(fc.property(trail, fc.nat(), (events, at) => {
    expect(verifyTrail(events.toSpliced(at % (events.length - 1), 1)).intact).toBe(false);
  }));
});

test('an event inserted or repeated is noticed', () => {
  fc.assert(fc.property(trail, newEvent, fc.nat(), (events, more, at) => {
    const place = at % events.length;
    expect(verifyTrail(events.toSpliced(place, 0, appendEvent(events[place - 1] ?? null, more))).intact).toBe(false);
    expect(verifyTrail(events.toSpliced(place, 0, events[place] as AuditEvent)).intact).toBe(false);
  }));
});

test('two events that changed places are noticed', () => {
  fc.assert(fc.property(trail, fc.nat(), (events, at) => {
    const place = at % (events.length - 1);
    expect(verifyTrail(events.toSpliced(place, 2, events[place + 1] as AuditEvent, events[place] as AuditEvent)).intact).toBe(false);
  }));
});

test('a change to any member is noticed, and named by its event', () => {
  fc.assert(fc.property(trail, fc.nat(), fc.constantFrom<(event: AuditEvent) => AuditEvent>(
    (event) => ({ ...event, at: `${event.at}!` }),
    (event) => ({ ...event, timeSource: 'guessed' }),
    (event) => ({ ...event, actor: { ...event.actor, authenticated: !event.actor.authenticated } }),
    (event) => ({ ...event, actor: { ...event.actor, name: `${event.actor.name}!` } }),
    (event) => ({ ...event, action: `${event.action}!` }),
    (event) => ({ ...event, request: 'another' }),
    (event) => ({ ...event, details: { ...event.details, added: 1 } }),
    (event) => ({ ...event, origin: { station: '', device: '', ...event.origin, software: `${event.origin?.software}!` } }),
    (event) => ({ ...event, number: event.number + 1 }),
    (event) => ({ ...event, hash: event.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
  ), (events, at, change) => {
    const place = at % events.length;
    const { intact, problems } = verifyTrail(events.with(place, change(events[place] as AuditEvent)));
    expect(intact).toBe(false);
    expect(problems.join(' ')).toContain(`Event ${place + 1} `);
  }));
});

test('the hash can be recomputed by anyone from the words of the schema', () => {
  const event = appendEvent(null, { at: '2026-11-21T09:00:00.000Z', timeSource: 'system', actor: { kind: 'guest', name: null, authenticated: false }, action: 'document.shown', request: 'r1', details: { pages: 2 } });
  // printf '%s' '{"action":…}' | sha256sum
  expect(event.hash).toBe('4c51b1a0284b9407415c4ba68b3ecb499dcc2d1e376e0df66701149da66754ad');
});

test('nothing is chained to an event that was changed', () => {
  const [first] = chain([{ at: '', timeSource: '', actor: { kind: 'guest', name: null, authenticated: false }, action: 'a', request: null, details: {} }]);
  expect(() => appendEvent({ ...first as AuditEvent, action: 'b' }, first as AuditEvent)).toThrow(expect.objectContaining({ code: 'TRAIL_BROKEN' }));
});

test('audit.json with a member that the schema does not know, or a wrong type, is refused', () => {
  const file: AuditFile = { request: 'r1', signedAt: '2026-11-21T09:00:00.000Z', demo: true, consent: { sha256: 'ab'.repeat(32), language: 'lv', version: '1' }, ...NOT_SAID, events: chain([{ at: '', timeSource: '', actor: { kind: 'guest', name: null, authenticated: false }, action: 'a', request: null, details: {} }]) };
  const written = JSON.parse(new TextDecoder().decode(writeAuditFile(file))) as Record<string, unknown>;
  for (const change of [{ extra: 1 }, { demo: 'no' }, { version: 3 }, { version: 1 }, { place: {} }, { disclosed: [{ is: 'guest', value: 'A', salt: '00ff'.repeat(8) }] }, { disclosed: [{ is: 'print-user', value: 'A', salt: '00ff' }] }, { place: { name: 'Norrvik', address: null, coordinates: { latitude: 91, longitude: 0 } } }, { request: '\ud800' }, { events: [{ ...file.events[0], salt: 1 }] }, { events: [{ ...file.events[0], actor: { kind: 'king', name: null, authenticated: true } }] }]) {
    expect(() => readAuditFile(new TextEncoder().encode(JSON.stringify({ ...written, ...change })))).toThrow(expect.objectContaining({ code: 'CONTAINER_MALFORMED' }));
  }
});

test('a trail of version 1 is still read, as it was written then', () => {
  const events = chain([{ at: '', timeSource: '', actor: { kind: 'guest', name: null, authenticated: false }, action: 'a', request: null, details: {} }]);
  const consent = { sha256: 'ab'.repeat(32), language: 'lv', version: '1' };
  const written = JSON.stringify({ format: 'countersign-audit', version: 1, request: 'r1', signedAt: '2026-11-21T09:00:00.000Z', demo: true, consent, events });
  expect(readAuditFile(new TextEncoder().encode(written))).toEqual({ request: 'r1', signedAt: '2026-11-21T09:00:00.000Z', demo: true, consent, ...NOT_SAID, events });
});

test('a personal detail can be erased without breaking the chain, and none that did not happen can be disclosed', () => {
  const [salt, value] = ['00ff', 'reception'];
  // printf '%s%s' 00ff reception | sha256sum
  expect(pseudonym(salt, value)).toBe('sha256:8e3d8213666b0b0b185c7f40f807793ec7921069fe2c4d6fed2b785e16cd347f');
  const events = chain([{ at: '', timeSource: '', actor: { kind: 'print-client', name: pseudonym(salt, value), authenticated: false }, action: 'a', request: null, details: { client: pseudonym(salt, '10.0.0.9') } }]);
  expect(checkDisclosed([{ is: 'print-user', value, salt }, { is: 'print-client-address', value: '10.0.0.9', salt }], events)).toEqual([]);
  expect(checkDisclosed([{ is: 'print-user', value: 'somebody else', salt }], events)).toHaveLength(1);
  expect(checkDisclosed([{ is: 'print-user', value: '10.0.0.9', salt }], events)).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain(value);
  expect(verifyTrail(events).intact).toBe(true);
});

test('the published schema names exactly the members that are read', () => {
  interface Schema { required: string[]; properties: Record<string, Schema>; $defs: Record<string, Schema> }
  const schema = JSON.parse(readFileSync(new URL('audit.schema.json', import.meta.url), 'utf8')) as Schema;
  const [event] = chain([{ at: '', timeSource: '', actor: { kind: 'guest', name: null, authenticated: false }, action: '', request: null, details: {} }]);
  expect(schema.$defs['event']?.required.toSorted()).toEqual(Object.keys(event as AuditEvent).toSorted());
  expect(Object.keys(schema.$defs['event']?.properties ?? {}).toSorted()).toEqual([...Object.keys(event as AuditEvent), 'origin'].toSorted());
  expect(schema.required.toSorted()).toEqual(Object.keys(schema.properties).toSorted());
});
