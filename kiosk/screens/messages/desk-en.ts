/** What the receptionist reads. Another language is another file with these keys. */
import type { PlannedSigning, Role } from '#kiosk/protocol/messages.ts';
import type { DrawnKind } from '#kiosk/protocol/validate.ts';
import type { CancelReason, ExceptionReason, IdentityProof, RequestState, VoidReason } from '#kiosk/protocol/states.ts';

export const desk = {
  demoMark: 'DEMO, not evidence',
  connecting: 'Connecting to the station…',
  disconnected: 'The station does not answer. What you see may be out of date. Trying again…',
  notices: 'Notices',
  putAway: 'Put this notice away',
  outboxDelivered: 'All signed documents are in the store',
  outboxEmpty: 'Store: nothing sent yet',
  outboxWaiting: '{count} on the way to the store',
  outboxRetrying: '{count} cannot reach the store yet; they are safe here',

  awaitingTitle: 'This station waits for its enrolment',
  awaitingText: 'Read this fingerprint to your company’s administrator, who compares it with the station’s request before enrolling it.',
  awaitingPaper: 'Nothing can be printed here or signed until then. Please use paper.',

  genuine: 'Is this document genuine?',

  requests: 'Documents',
  open: 'Now',
  nothingOpen: 'No document is waiting.',
  ended: 'Today, ended',
  printedBy: 'printed as “{name}”',
  pages: '{pages} pages',
  onePage: '1 page',
  untitled: 'Document without a title',
  thumbnail: 'First page of {title}',
  noTablet: 'no tablet',

  release: 'Send to tablet',
  move: 'Move…',
  cancel: 'Cancel…',
  download: 'Signed PDF',
  search: 'Find a document',
  searchHint: 'Title, reservation, name or room',
  found: '{count} documents found',
  foundOne: '1 document found',
  nothingFound: 'No open document has these words.',
  reservation: 'Reservation',
  guestName: 'Guest',
  room: 'Room',
  readFromDocument: 'read from the document',

  noLineFound: 'No line to sign on was found: the signature goes to the bottom of the last page. You can show a better place.',
  linesDrawn: 'Where to sign was shown here.',
  linesKnown: 'Where to sign is known of this form.',
  showWhere: 'Show where to sign…',
  undoDrawn: 'Undo',
  placeTitle: 'Where is this signed?',
  placeHint: 'Draw a box on the page for each place, then say what it is for. A box is moved and sized by its corner, or with the arrow keys (with Shift: sized).',
  placeLoading: 'Opening the page…',
  placeSend: 'Use these places',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pageOf: 'Page {page} of {pages}',
  boxOnPage: 'Box {number}, {what}',
  showBox: 'Show box {number}',
  removeBox: 'Remove box {number}',
  whatIsHere: 'What box {number} is for',
  tickWords: 'Words for box {number}, for whoever ticks it',
  tickHint: 'Words to agree to, e.g. “I have read the house rules”',
  placeSending: 'One moment…',
  boxHints: 'Printed there, to find the document by',
  addBox: 'Add a box',
  rememberForm: 'Remember for this form',
  formName: 'Name of the form',
  knownForms: 'Known forms ({count})',
  knownFormsHint: 'Where to sign on these was shown at the desk. Positions alone are kept.',
  forget: 'Forget',
  forgetForm: 'Forget “{name}”',
  forgotten: 'Forgotten',
  rememberAgain: 'Remember “{name}” again',

  signers: 'Who signs, in this order',
  chooseSigners: 'Several lines were found. Say who signs where.',
  whichLine: '{name}: on which line?',
  signsNot: 'Does not sign',
  onPages: 'on {pages} pages',
  pageNumber: 'page {page}',
  signedOf: '{signed} of {of} signed',
  hasSigned: 'signed',
  unsigned: 'Still to sign: {names}.',
  unsignedGone: 'Still to sign: {names}. What was signed is no longer kept here: for one more signature, print the document again, for everybody to sign.',
  askAgain: 'Ask again',
  askAgainOf: 'Ask again…',
  againTitle: 'Who signs next?',
  againHint: 'Who is left out does not sign this document. You can change your mind until the next person has signed: cancel, and ask again.',
  againSend: 'Ask',
  leavingOut: '{name} (left out: {names})',
  fieldOnPage: '{label}, page {page}',
  deliveryWaiting: 'on its way to the store',
  deliveryRetrying: 'waiting for the store, safe here',
  deliveryDelivered: 'in the store',

  unfit: 'The guest was asked to sign again: {reasons}.',
  unfitOffer: 'Please help the guest, then say how the next signature is made. The record will say so:',
  unfitTaken: '{reason}: the next signature is accepted as it is, and the record will say so.',
  unfitFinger: 'The guest may sign with a finger now, and the record will say so. A dot or a line is still not taken.',
  acceptUndo: 'Undo',
  paperInstead: 'Use paper instead…',
  paperTitle: 'Sign on paper instead?',
  paperSend: 'Use paper',

  moveTitle: 'Move to which tablet?',
  moveHint: 'The tablet it is on now goes blank.',
  cancelTitle: 'Why is this taken back?',
  cancelHint: 'The tablet goes blank at once. Nothing the guest drew is kept.',
  cancelSend: 'Cancel document',
  keep: 'Keep it',

  identity: 'Identity seen…',
  identitySeen: 'Identity seen: {seen}',
  identityTitle: 'What did you look at?',
  identityHint: 'Only the kind of document goes on the audit trail. No number and no name is kept.',
  identitySend: 'I have seen it',
  notNow: 'Not now',

  void: 'Declare void…',
  voidTitle: 'Declare this signed document void?',
  voidHint: 'A statement signed by this station says that the document does not count. It goes to the store beside the packet and onto the audit trail. Nothing is deleted, the signature itself stays as it is, and this cannot be taken back.',
  voidSend: 'Declare void',
  voided: 'Declared void at {time}: {reason}',

  tablets: 'Tablets',
  connected: 'connected',
  notConnected: 'not connected',
  insecure: 'not opened over a secure connection: cannot sign',
  free: 'free',
  busy: 'with a guest',
  calibratingShort: 'pen being calibrated',
  noPen: 'no pen that may sign',
  penMissing: 'No pen here may sign',
  releaseNeedsPen: 'No pen at “{tablet}” may sign. See the tablet for what to do, or move the document.',
  otherPens: 'Other pens ({count})',
  calibrate: 'Calibrate pen',
  calibrateReset: 'Forget calibration',
  calibrateCancel: 'Stop calibrating',
  calibrated: 'Calibrated to this screen.',
  notCalibrated: 'Not calibrated yet. If the ink is not under the tip, calibrate.',
  calibrating: 'Crosses are on the tablet: tap each with the pen.',
  printer: 'Printer address',
  copy: 'Copy',
  copied: 'Copied',
  printSample: 'Print a sample',
  tryIt: 'Try it',

  emptyTitle: 'Print, sign, kept.',
  emptyText: 'Nothing was printed yet. This is how it goes:',
  stepPrintTitle: 'Print to a tablet',
  stepPrintText: 'Add the printer address of a tablet to your computer, and print from any program.',
  stepSignTitle: 'The guest signs',
  stepSignText: 'The document appears on the tablet. The guest reads it and signs with the pen.',
  stepKeptTitle: 'It is kept as evidence',
  stepKeptText: 'The signed PDF is here for you. The packet goes, encrypted, to the store.',
  tryHint: 'See the whole way now: a sample card is printed and a recorded pen signs it on the tablet.',
  needTablet: 'Open the guest screen on a tablet first; then this button works.',
  refused: 'That was not done: {detail}',
  noAnswer: 'the station does not answer',
} as const;

export const ROLE_NAMES: Record<Role, string> = { guest: 'Guest', companion: 'Companion', staff: 'Staff' };

export const DRAWN_NAMES: Record<DrawnKind, string> = {
  signature: 'signature', initials: 'initials', date: 'date', check: 'box to tick', reservation: 'Reservation number', guestName: 'Guest’s name', room: 'Room',
};

export const SIGNING_NAMES: Record<`${Role} ${PlannedSigning['kind']}`, string> = {
  'guest initials': 'Guest, initials', 'guest signature': 'Guest',
  'companion initials': 'Companion, initials', 'companion signature': 'Companion',
  'staff initials': 'Staff, initials', 'staff signature': 'Staff',
};

export const STATE_NAMES: Record<RequestState, string> = {
  received: 'Received', assigned: 'Waiting', shown: 'Reading', signing: 'Signing', completed: 'Signed',
  declined: 'Declined', cancelled: 'Cancelled', expired: 'Expired',
};

export const CANCEL_NAMES: Record<CancelReason, string> = {
  'wrong-document': 'Wrong document',
  'guest-left': 'The guest left',
  'signs-on-paper': 'The guest signs on paper',
  other: 'Another reason',
  'refused-then-paper': 'On paper, after signatures that could not be taken',
};

export const IDENTITY_NAMES: Record<IdentityProof, string> = {
  passport: 'Passport',
  'identity-card': 'Identity card',
  'residence-permit': 'Residence permit',
  'driving-licence': 'Driving licence',
  other: 'Another document with a photograph',
};

export const VOID_NAMES: Record<VoidReason, string> = {
  'wrong-document': 'The wrong document was signed',
  'wrong-guest': 'The wrong guest signed',
  'signed-twice': 'It was signed twice',
  other: 'Another reason',
};

export const EXCEPTION_NAMES: Record<ExceptionReason, string> = {
  mark: 'The guest signs with a cross or mark',
  assisted: 'Someone helps the guest’s hand',
  finger: 'The guest signs with a finger',
};

/** Why the station asked to sign again, in words; a code that is not here is shown as it is. */
export const UNFIT_NAMES: Readonly<Record<string, string>> = {
  CAPTURE_TOO_SHORT: 'too short',
  CAPTURE_LINE: 'a single line',
  CAPTURE_TOO_FAST: 'too quick',
  CAPTURE_NO_PRESSURE: 'no pressure',
};

/** Reason codes of ended requests in words; a code that is not here is shown as it is. */
export const REASON_NAMES: Readonly<Record<string, string>> = {
  ...CANCEL_NAMES,
  paper: 'The guest prefers paper',
  content: 'Something in the document is not right',
  'not-mine': 'Not the guest’s document',
};
