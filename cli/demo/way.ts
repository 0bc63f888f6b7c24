/** The way of one signature, walked step by step; what each step left is kept for the promises. */
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capture } from '#biometrics/capture.ts';
import type { OpenedRecord } from '#biometrics/index.ts';
import { openPacket } from '#examiner/index.ts';
import { replayPng } from '#examiner/replay-png.ts';
import { CUSTODY_FILES, custodyFolder } from '#keys/index.ts';
import type { GuestRequest } from '#kiosk/protocol/index.ts';
import { recordedPen, sampleCard, sampleGuests } from '#kiosk/sample/index.ts';
import { type House, startHouse } from '#kiosk/supervisor.ts';
import { readPacket, readSignedPdf } from '#packet/index.ts';
import { printFile } from '#print-to-tab/client.ts';
import { openEnvelope } from '#sync-agent/index.ts';
import { askStation } from '../control.ts';
import { Desk } from './desk.ts';
import { Guest } from './guest.ts';
import type { Narrator } from './narrator.ts';
import type { DemoFiles } from './report.ts';
import { filesHolding, textForms } from './search.ts';

export interface Walked {
  home: string;
  files: DemoFiles;
  pen: Capture;
  request: GuestRequest;
  /** D as the guest's screen got it. */
  document: Uint8Array;
  signedPdf: Uint8Array;
  packet: Uint8Array;
  opened: OpenedRecord;
  /** What "Done" answered to a screen that had shown other bytes. */
  tampered: { status: number; code: string };
  /** What the store held while the agent slept, and after it woke. */
  store: { asleep: number; awake: string[] };
  /** State of the request after the station was killed right behind "Thank you". */
  afterKill: string;
  /** Files of the data folder that still hold something of the declined document. */
  declinedLeft: string[];
  /** Files of the data folder that hold the finished document or a stroke in the clear. */
  revealed: string[];
}

const DECLINED_GUEST = 'Zebedeus Marker-Ødegård';

export async function walk(home: string, out: string, tell: Narrator): Promise<Walked> {
  tell.step('A station starts: printer, guest screen, desk screen, sync-agent');
  // The at-rest key of a demo lives in this process only: a power cut takes it along.
  const house = await startHouse({ home, port: 0, printerPort: 0, atRestKey: randomBytes(32), log: () => {} });
  try {
    return await walkIn(house, home, out, tell);
  } finally {
    await house.stop();
  }
}

async function walkIn(house: House, home: string, out: string, tell: Narrator): Promise<Walked> {
  tell.saw(`printer ${house.printer}`);
  const desk = await Desk.open(house.desk);
  const guest = await Guest.arrive(house.guest, 'lv');

  tell.step('The receptionist prints a registration card');
  const card = await sampleCard({ pages: 1, size: 'A4', guest: sampleGuests.latin });
  await printFile(house.printer, card, { name: 'Registration card', user: 'reception' });
  const waiting = await desk.request(['assigned']);
  tell.saw(`${card.length} bytes arrived; lines to sign: ${waiting.fields.map(({ label }) => `"${label}"`).join(', ')}`);

  tell.step('The desk releases it, the guest reads and agrees');
  await desk.release(waiting);
  const { state, request, document, sha256 } = await guest.read();
  await desk.request(['shown'], request.id);
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);

  tell.step('A screen that showed other bytes tries to finish');
  const pen = recordedPen();
  const wrong = await guest.done(request, pen, { documentSha256: sha256.replaceAll(/[0-9a-f]/g, '0'), consentSha256 });
  const tampered = { status: wrong.status, code: ((await wrong.json()) as { code: string }).code };
  tell.saw(`refused: ${tampered.code}`);

  tell.step('The network goes away; the guest signs with the recorded pen, and presses Done');
  process.kill(house.syncPid, 'SIGSTOP');
  const done = await guest.done(request, pen, { documentSha256: sha256, consentSha256 });
  if (!done.ok) throw new Error(`the station refused the signature: ${await done.text()}`);
  tell.saw('Thank you');

  tell.step('The station is killed right behind "Thank you", and starts again');
  const asleep = storedObjects(home).length;
  guest.session.close();
  desk.close();
  process.kill(house.pid, 'SIGKILL');
  const again = await addresses(home);
  const deskAgain = await Desk.open(again.desk);
  const afterKill = (await deskAgain.request(['completed', 'assigned', 'signing', 'shown'], request.id)).state;
  tell.saw(`the request is ${afterKill}`);

  tell.step('The network is back');
  process.kill(house.syncPid, 'SIGCONT');
  await deskAgain.delivered(request.id);
  const awake = storedObjects(home);
  tell.saw(`in the store: ${awake.join(', ')}`);

  tell.step('Another guest prefers paper');
  const secondCard = await sampleCard({ pages: 1, size: 'A4', guest: { ...sampleGuests.latin, name: DECLINED_GUEST } });
  await printFile(house.printer, secondCard, { name: 'Registration card', user: 'reception' });
  const second = await deskAgain.request(['assigned']);
  await deskAgain.release(second);
  const secondGuest = await Guest.arrive(again.guest);
  const declined = await secondGuest.read();
  secondGuest.decline(declined.request, 'paper');
  await deskAgain.request(['declined'], declined.request.id);
  const declinedLeft = filesHolding(home, [...textForms(DECLINED_GUEST), declined.document.subarray(200, 264)]);

  tell.step('The examiner opens the packet from the store');
  const custody = custodyFolder(home);
  const files = fileNames(out);
  const envelope = readFileSync(join(home, 'store', awake[0] as string));
  const privateKeyPem = readFileSync(join(custody, CUSTODY_FILES.storeKey), 'utf8');
  const { bytes: packet } = await openEnvelope(envelope, { privateKeyPem });
  const { signedPdf } = readPacket(packet);
  const sealedRecord = readSignedPdf(signedPdf).sealedRecords[0]?.bytes as Uint8Array;
  const examinerKey = readFileSync(join(custody, CUSTODY_FILES.examinerKey));
  const opened = await openPacket(packet, examinerKey);
  writeFileSync(files.document, document);
  writeFileSync(files.signedPdf, signedPdf);
  writeFileSync(files.sealedRecord, sealedRecord);
  writeFileSync(files.record, opened.record.record);
  writeFileSync(files.packet, packet);
  writeFileSync(files.envelope, envelope);
  writeFileSync(files.replayPng, await replayPng(opened));
  writeFileSync(files.examinerKey, examinerKey, { mode: 0o600 });
  copyFileSync(join(custody, CUSTODY_FILES.examinerCertificate), files.examinerCert);
  copyFileSync(join(home, 'keys', 'root.cert.pem'), files.trust);
  const revealed = filesHolding(home, [document.subarray(200, 264), opened.record.record.subarray(0, 64), ...strokeForms(pen)]);

  return {
    home, files, pen, request, document, signedPdf, packet, opened: opened.record,
    tampered, store: { asleep, awake }, afterKill, declinedLeft, revealed,
  };
}

function fileNames(out: string): DemoFiles {
  const at = (name: string) => join(out, name);
  return {
    document: at('document.pdf'), signedPdf: at('signed.pdf'), sealedRecord: at('sealed-record.der'), record: at('record.bin'),
    packet: at('packet.asice'), envelope: at('envelope.esdk'), replayPng: at('replay.png'),
    examinerKey: at('examiner.key.pem'), examinerCert: at('examiner.cert.pem'), trust: at('trust.pem'),
  };
}

function storedObjects(home: string): string[] {
  const store = join(home, 'store');
  if (!existsSync(store)) return [];
  return readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.esdk'));
}

/** Fresh addresses of a station that was started again: its tokens died with it. */
async function addresses(home: string): Promise<{ guest: string; desk: string }> {
  for (let tries = 0; tries < 100; tries++) {
    const reply = await askStation(home, { command: 'tokens' }).catch(() => null);
    if (reply?.ok === true) return reply as unknown as { guest: string; desk: string };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the station did not come back within 10 s');
}

/** Three consecutive positions of the pen in the forms they could lie about in: float64 rows and JSON. */
function strokeForms(pen: Capture): Uint8Array[] {
  const [one, two] = pen.samples.slice(100, 102);
  if (one === undefined || two === undefined) return [];
  const row = Buffer.alloc(16);
  row.writeDoubleLE(one.x, 0);
  row.writeDoubleLE(one.y, 8);
  return [row, Buffer.from(`"x":${one.x},"y":${one.y}`), Buffer.from(`[${one.x},${one.y}`), Buffer.from(`${one.x},${one.y}\n`)];
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
