/**
 * What a newcomer tries Countersign with: a registration card that looks like a hotel's own, and a synthetic
 * recorded signature. Nothing here is used when a real guest signs.
 *
 * Before it: nothing. After it: the station prints the card into its own printer and replays the pen on the
 * guest screen; `cli demo` does both without screens.
 */
export { sampleCard, type CardOptions } from './sample-card.ts';
export { sampleGuests, type SampleGuest } from './sample-guests.ts';
export { recordedPen } from './recorded-pen.ts';
