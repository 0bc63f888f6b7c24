/** Names of usages that pens and tablets have (HID Usage Tables 1.4: pages and, of two pages, the usages), for people to read. */
import type { Usage } from '#driver/hid/descriptor/field.ts';

const PAGES: Record<number, string> = {
  0x01: 'Generic Desktop', 0x02: 'Simulation', 0x06: 'Generic Device', 0x07: 'Keyboard', 0x08: 'LED', 0x09: 'Button', 0x0c: 'Consumer', 0x0d: 'Digitizers',
  0x0e: 'Haptics', 0x0f: 'Physical Input Device', 0x20: 'Sensors', 0x59: 'Lighting', 0x84: 'Power', 0x85: 'Battery System',
};

const GENERIC_DESKTOP: Record<number, string> = {
  0x01: 'Pointer', 0x02: 'Mouse', 0x04: 'Joystick', 0x05: 'Gamepad', 0x06: 'Keyboard', 0x07: 'Keypad', 0x0e: 'System Multi-Axis Controller',
  0x30: 'X', 0x31: 'Y', 0x32: 'Z', 0x33: 'Rx', 0x34: 'Ry', 0x35: 'Rz', 0x36: 'Slider', 0x37: 'Dial', 0x38: 'Wheel', 0x39: 'Hat Switch',
  0x3a: 'Counted Buffer', 0x3b: 'Byte Count', 0x48: 'Resolution Multiplier', 0x80: 'System Control',
};

const DIGITIZERS: Record<number, string> = {
  0x01: 'Digitizer', 0x02: 'Pen', 0x03: 'Light Pen', 0x04: 'Touch Screen', 0x05: 'Touch Pad', 0x06: 'Whiteboard', 0x0e: 'Device Configuration',
  0x20: 'Stylus', 0x21: 'Puck', 0x22: 'Finger', 0x23: 'Device Settings', 0x30: 'Tip Pressure', 0x31: 'Barrel Pressure', 0x32: 'In Range', 0x33: 'Touch',
  0x35: 'Tap', 0x38: 'Transducer Index', 0x39: 'Tablet Function Keys', 0x3a: 'Program Change Keys', 0x3b: 'Battery Strength', 0x3c: 'Invert', 0x3d: 'X Tilt',
  0x3e: 'Y Tilt', 0x3f: 'Azimuth', 0x40: 'Altitude', 0x41: 'Twist', 0x42: 'Tip Switch', 0x43: 'Secondary Tip Switch', 0x44: 'Barrel Switch', 0x45: 'Eraser',
  0x46: 'Tablet Pick', 0x47: 'Touch Valid', 0x48: 'Width', 0x49: 'Height', 0x51: 'Contact Identifier', 0x52: 'Device Mode', 0x53: 'Device Identifier',
  0x54: 'Contact Count', 0x55: 'Contact Count Maximum', 0x56: 'Scan Time', 0x57: 'Surface Switch', 0x58: 'Button Switch', 0x59: 'Pad Type',
  0x5a: 'Secondary Barrel Switch', 0x5b: 'Transducer Serial Number', 0x5c: 'Preferred Color', 0x60: 'Latency Mode', 0x61: 'Gesture Character Quality',
  0x6e: 'Transducer Serial Number Part 2', 0x91: 'Transducer Vendor Id', 0x92: 'Transducer Product Id', 0xa4: 'Transducer Switches',
};

/** `Tip Switch`, `Button 1`, `Consumer 0xe9`, `0xff00:0xc5`. */
export function usageName([page, id]: Usage): string {
  const name = page === 0x01 ? GENERIC_DESKTOP[id] : page === 0x0d ? DIGITIZERS[id] : undefined;
  if (name !== undefined) return name;
  if (page === 0x09) return `Button ${id}`;
  return page in PAGES ? `${PAGES[page]} ${hex(id)}` : `${hex(page)}:${hex(id)}`;
}

const hex = (number: number): string => `0x${number.toString(16)}`;
