/**
 * How much a descriptor may ask for. The descriptor is foreign bytes: a few of them can ask for gigabytes, so every
 * product of two numbers in it has a bound. Each is far above what the 206 descriptors of real devices need.
 */

/** wDescriptorLength has 16 bits (HID 1.11, section 6.2.1). */
export const MAX_DESCRIPTOR_BYTES = 0xffff;
/** Bits of one element; as the Linux kernel. */
export const MAX_REPORT_SIZE = 256;
/** Elements of one field; the largest seen are 7,487 (features of pens in laptops). */
export const MAX_REPORT_COUNT = 0xffff;
/** One report with its id: lengths on USB and on I2C have 16 bits. */
export const MAX_REPORT_BITS = 0xffff * 8;
/** Usages of one main item; as the Linux kernel. */
export const MAX_USAGES = 12_288;
/** Elements and usages of all main items together. */
export const MAX_ELEMENTS = 1 << 20;
/** Collections one in another, and Push items without their Pop. */
export const MAX_DEPTH = 64;
