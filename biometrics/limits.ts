/**
 * What a record may hold at most. A reader refuses more before it reserves memory for it; a writer
 * refuses to write it. Part of the format: FORMAT.md section 6.
 */

/** Bytes of a whole record. */
export const MAX_RECORD = 64 * 1024 * 1024;
/** Samples of one capture: ten minutes at 1,000 reports a second. */
export const MAX_SAMPLES = 600_000;
/** Raw reports of one capture, and bytes of one report. */
export const MAX_REPORTS = 600_000;
export const MAX_REPORT = 4096;
/** Bytes of one inflated section. */
export const MAX_SECTION = 64 * 1024 * 1024;
/** UTF-16 units of one text, entries of one array or map. */
export const MAX_TEXT = 65_536;
export const MAX_ENTRIES = 4096;
/** Nesting of CBOR arrays and maps, the body counted, and the number of CBOR items in all, the names of maps counted. */
export const MAX_DEPTH = 8;
export const MAX_ITEMS = 65_536;
/** Examiners one record is sealed to. */
export const MAX_RECIPIENTS = 32;
