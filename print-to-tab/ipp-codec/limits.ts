/**
 * What the decoder takes from a stranger. Encoded lengths cannot pass 32,767 octets (RFC 8010 section 3.2),
 * names of attributes 255.
 */
export interface CodecLimits {
  /** Octets from the version to the end-of-attributes tag. */
  maxBytes: number;
  /** Attributes in all groups and collections together. */
  maxAttributes: number;
  /** Values in all attributes together. */
  maxValues: number;
  /** Collections within collections. */
  maxDepth: number;
}

export const CODEC_LIMITS: CodecLimits = { maxBytes: 256 * 1024, maxAttributes: 2_000, maxValues: 10_000, maxDepth: 8 };

export const MAX_VALUE_OCTETS = 0x7fff;
export const MAX_NAME_OCTETS = 255;
