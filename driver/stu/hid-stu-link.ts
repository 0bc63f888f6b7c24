/**
 * A pad over USB HID: reports are feature reports and input reports as they are.
 * Before it: `#driver/hid`. After it: `stu-session.ts`.
 *
 * The pads' bulk pipe (encodings + 0x10) is a USB interface of its own, not the HID interrupt pipe that `HidLink.write` reaches,
 * and needs the vendor's driver on Windows: pictures go as feature reports.
 */
import type { HidLink } from '../hid/hid-link.ts';
import type { StuLink } from './stu-link.ts';

export function hidStuLink(link: HidLink): StuLink {
  return {
    transport: 'hid',
    path: link.path,
    getReport: (reportId, length) => link.getFeature(reportId, length),
    setReport: (report) => link.sendFeature(report),
    onReport: (listener) => { link.onReport(listener); },
    onEnd: (listener) => { link.onEnd(listener); },
    damaged: () => 0,
    close: () => link.close(),
  };
}
