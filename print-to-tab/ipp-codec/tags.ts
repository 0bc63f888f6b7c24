/**
 * The tag bytes of IPP: RFC 8010 section 3.5, RFC 3380 section 8 for the last three out-of-band tags.
 */

/** What starts a group of attributes, or ends them all. RFC 8010 section 3.5.1. */
export const GROUP = {
  operation: 0x01,
  job: 0x02,
  end: 0x03,
  printer: 0x04,
  unsupported: 0x05,
} as const;

/** Tags below this one are delimiters, one byte each; the rest start a value. */
export const FIRST_VALUE_TAG = 0x10;

/** Values that stand for the want of a value. RFC 8010 section 3.5.2. */
export const OUT_OF_BAND_TAGS = {
  unsupported: 0x10,
  default: 0x11,
  unknown: 0x12,
  'no-value': 0x13,
  'not-settable': 0x15,
  'delete-attribute': 0x16,
  'admin-define': 0x17,
} as const;

/** Values that are one string of characters. */
export const STRING_TAGS = {
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  uriScheme: 0x46,
  charset: 0x47,
  naturalLanguage: 0x48,
  mimeMediaType: 0x49,
} as const;

export const TAG = {
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  octetString: 0x30,
  dateTime: 0x31,
  resolution: 0x32,
  rangeOfInteger: 0x33,
  begCollection: 0x34,
  textWithLanguage: 0x35,
  nameWithLanguage: 0x36,
  endCollection: 0x37,
  memberAttrName: 0x4a,
} as const;
