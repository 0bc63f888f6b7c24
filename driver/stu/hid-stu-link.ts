/**
 * A pad over USB HID: reports are feature reports and input reports as they are.
 * Before it: `#driver/hid`. After it: `stu-session.ts`.
 *
 * Windows refuses to read a feature report into less room than the device's longest needs (signal11/hidapi issue 222; hidapi fills up
 * what is sent, but not what is read into): there, room for the longest that any of these pads has is asked for. Not tried on Windows.
 *
 * The pads' bulk pipe (encodings + 0x10) is a USB interface of its own, not the HID interrupt pipe that `HidLink.write` reaches,
 * and needs the vendor's driver on Windows: pictures go as feature reports.
 */
import type { HidLink } from '../hid/hid-link.ts';
import type { StuLink } from './stu-link.ts';

/** Bytes of the longest feature report of any model, a block of picture of a 540. */
const LONGEST = 2_560;

export function hidStuLink(link: HidLink, platform: NodeJS.Platform = process.platform): StuLink {
  return {
    transport: 'hid',
    path: link.path,
    getReport: (reportId, length) => link.getFeature(reportId, platform === 'win32' ? LONGEST : length),
    setReport: (report) => link.sendFeature(report),
    onReport: (listener) => { link.onReport(listener); },
    onEnd: (listener) => { link.onEnd(listener); },
    damaged: () => 0,
    close: () => link.close(),
  };
}
