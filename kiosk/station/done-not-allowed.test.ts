/** "Done" is refused where nothing may be signed any more, whatever the tablet still shows. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { askStation } from '#cli/control.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import { configurationOf, enrolmentOf, examinerOfTests } from '#fixtures/enrolment.ts';
import { testTenant } from '#fixtures/test-tenant.ts';
import { fingerprint } from '#keys/fingerprint.ts';
import { installEnrolment, installPaper, requestEnrolment } from '#keys/index.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import type { Station } from './station.ts';
import { startTestStation } from './station-for-tests.ts';

/** A station that learns of new papers and leaves the document on the tablet: as in the moment before it is taken back. */
vi.mock('./readiness.ts', () => ({
  async watchPapers({ papers, notices }: Station) {
    if (await papers.look()) notices.set({ code: `LOOKED ${notices.list().length + 1}`, severity: 'info', message: '' });
  },
}));

test('a signature that is finished after its examiner changed, or its station was revoked, is not taken and leaves nothing', async () => {
  const name = { tenant: 'nord', site: 'riga', station: 'lobby' };
  const tenant = await testTenant();
  const here = await startTestStation(name, {
    async prepare(home) {
      const { bytes } = await requestEnrolment(home, name);
      await installEnrolment(home, await enrolmentOf(tenant, bytes), fingerprint(tenant.root));
    },
  });
  onTestFinished(() => here.end());
  const desk = await Desk.open(here.station.desk);
  const guest = await Guest.arrive(here.station.guest);
  onTestFinished(() => {
    guest.session.close();
    desk.close();
  });
  await desk.session.post('/desk/sample', { tablet: 'front' });
  await desk.release(await desk.request(['assigned']));
  const { state, request, sha256 } = await guest.read();
  const consentSha256 = guest.agree(state, request);
  await desk.request(['signing'], request.id);

  const looked = (code: string) => desk.session.until('the new papers', (message) => message.type === 'state' && message.notices.some((notice) => notice.code === code));
  const pen = recordedPen();
  const done = async () => {
    const answer = await guest.done(request, { ...pen, source: { ...pen.source, kind: 'pointer' } }, { documentSha256: sha256, consentSha256 });
    return [answer.status, (await answer.json() as { code: string }).code];
  };
  const { certificate } = await examinerOfTests();
  await installPaper(here.home, await configurationOf(tenant, { number: 2, examiners: [{ name: 'Somebody else', certificate: Buffer.from(certificate).toString('base64'), custody: null }] }));
  await looked('LOOKED 1');
  expect(await done()).toEqual([409, 'CONSENT_MISSING']);

  const keys = await askStation(here.home, { command: 'station-keys' });
  await installPaper(here.home, await tenant.crl({ number: 2, certificate: Buffer.from(String(keys?.ok === true ? keys['device'] : ''), 'base64') }));
  await looked('LOOKED 2');
  expect(await done()).toEqual([409, 'CAPTURE_NOT_ALLOWED']);
  expect(await askStation(here.home, { command: 'sync-status' })).toMatchObject({ waiting: 0, delivered: 0 });
});
