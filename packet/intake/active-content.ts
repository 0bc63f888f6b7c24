/**
 * Finds and removes what a document could do by itself, fetch from elsewhere, or carry unseen: scripts, actions that start
 * something, attached files, forms with code, data in other files (ISO 32000-2, 12.6, 7.11.4, 12.7.8, 7.3.8, 8.10.4), and
 * annotations that are printed without being shown. Links within the document and to web addresses stay where a reader has to click
 * them; the screens do not follow them. Works on pdf-lib's model, in the child process. It does not look into content streams (they cannot act);
 * layers are `optional-content.ts`.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFObject, PDFString } from '../pdf-lib.ts';
import { allDicts, allStreamDicts, annotationLists, keepItems } from './every-object.ts';

/** Of the named actions (table 215 and what readers add) those that turn pages; others print, save or close. */
const pageTurns = new Set(['NextPage', 'PrevPage', 'FirstPage', 'LastPage']);
/** Schemes of links that stay. Others start programs, run scripts or send the user's name to a file server. */
const webSchemes = new Set(['http', 'https', 'mailto', 'tel']);
/** Annotations (table 171) that carry files or play something. */
const activeAnnotations = new Set(['3D', 'FileAttachment', 'Movie', 'RichMedia', 'Screen', 'Sound']);
/** Entries that are active wherever they stand, with the word for the trail. */
const activeEntries = new Map([
  ['AA', 'automatic actions'], ['PresSteps', 'automatic actions'], ['EF', 'embedded files'], ['AF', 'embedded files'], ['JS', 'JavaScript'], ['XFA', 'XFA form'],
  ['DestOutputProfileRef', 'data in another file'],
]);
/**
 * Entries of a stream that lead elsewhere: its data in another file (table 5), a page of another file (table 93), an image of another
 * server (OPI, table 91), other images for other uses (table 87). Viewers here show the stream itself.
 */
const outsideEntries = new Map([['F', 'data in another file'], ['Ref', 'page of another file'], ['OPI', 'image of another server'], ['Alternates', 'other images for printing']]);
/** Viewer preferences (table 147) by which a printer or another viewer gets other pages or more of them than are on the screen. */
const areaKeys = ['ViewArea', 'ViewClip', 'PrintArea', 'PrintClip'];
/** Annotation flags (table 167). */
const [hidden, print, noView] = [2, 4, 32];
/** Of the permissions (table 263), and of PDF 1.5. */
const usageRightsKeys = [PDFName.of('UR3'), PDFName.of('UR')];
/** Name trees of the catalog (table 32). */
const activeNames = new Map([['JavaScript', 'JavaScript'], ['EmbeddedFiles', 'embedded files'], ['AlternatePresentations', 'slide shows']]);

/**
 * Removes everything active from the model. Run it on a copy to learn what there is.
 * @returns what was removed, in words, each once; empty where the document is quiet.
 */
export function removeActiveContent(pdf: PDFDocument): string[] {
  const removed = new Set<string>();
  const names = pdf.catalog.lookupMaybe(PDFName.of('Names'), PDFDict);
  for (const [key, word] of activeNames) if (names?.delete(PDFName.of(key))) removed.add(word);
  if (pdf.catalog.delete(PDFName.of('Collection'))) removed.add('portfolio');
  if (pdf.catalog.lookup(PDFName.of('OpenAction')) instanceof PDFDict && opensMoreThanAPage(pdf.catalog)) removed.add('action on opening');
  if (removePrintedAreas(pdf.catalog)) removed.add('pages or areas chosen for printing');
  const links = pdf.catalog.lookup(PDFName.of('URI'));
  if (links instanceof PDFDict && !isWebAddress(links.lookup(PDFName.of('Base'))) && pdf.catalog.delete(PDFName.of('URI'))) removed.add('base of links outside the web');
  for (const dict of allStreamDicts(pdf)) {
    for (const [key, word] of outsideEntries) {
      // Some programs write the filter as /F, which viewers understand: a name is no file.
      if (dict.lookup(PDFName.of(key)) instanceof PDFName) continue;
      if (dict.delete(PDFName.of(key))) removed.add(word);
    }
  }
  for (const dict of allDicts(pdf)) {
    for (const [key, word] of activeEntries) if (dict.delete(PDFName.of(key))) removed.add(word);
    for (const key of ['OpenAction', 'A', 'PA', 'Next']) removeActions(dict, PDFName.of(key), removed);
  }
  for (const list of annotationLists(pdf)) removeAnnotations(list, removed);
  return [...removed];
}

/** True where the document holds a signature, in a field or loose (12.8.1). Usage rights alone are none: nobody signed. */
export function holdsSignature(pdf: PDFDocument): boolean {
  const dicts = allDicts(pdf);
  const rights = usageRights(pdf);
  const values = new Set(dicts.map((dict) => dict.lookup(PDFName.of('V'))));
  return dicts.some((dict) => dict.has(PDFName.of('ByteRange')) && dict.has(PDFName.of('Contents')) && (!rights.includes(dict) || values.has(dict)));
}

/**
 * Takes usage rights away (12.8.2.3): what a vendor signed so that its own reader allows more. Any change by another program makes them
 * invalid, and that reader then warns of the document.
 */
export function removeUsageRights(pdf: PDFDocument): boolean {
  const permissions = pdf.catalog.lookup(PDFName.of('Perms'));
  return permissions instanceof PDFDict && usageRightsKeys.map((key) => permissions.delete(key)).includes(true);
}

/** What the crop box cuts away is not on the screen (14.11.2). */
function removePrintedAreas(catalog: PDFDict): boolean {
  const preferences = catalog.lookup(PDFName.of('ViewerPreferences'));
  if (!(preferences instanceof PDFDict)) return false;
  const areas = areaKeys.map((key) => PDFName.of(key)).filter((key) => ![undefined, PDFName.of('CropBox')].includes(preferences.lookup(key) as PDFName | undefined));
  return [...areas, PDFName.of('PrintPageRange')].map((key) => preferences.delete(key)).includes(true);
}

function usageRights(pdf: PDFDocument): PDFDict[] {
  const permissions = pdf.catalog.lookup(PDFName.of('Perms'));
  return permissions instanceof PDFDict ? usageRightsKeys.map((key) => permissions.lookup(key)).filter((value) => value instanceof PDFDict) : [];
}

/** An entry that holds an action, or (`Next`) an array of them. A destination under `OpenAction` is no action. */
function removeActions(dict: PDFDict, key: PDFName, removed: Set<string>): void {
  const active = actionsAt(dict, key).map(activeKind).filter((kind) => kind !== null);
  if (active.length === 0) return;
  dict.delete(key);
  for (const kind of active) removed.add(kind);
}

function actionsAt(dict: PDFDict, key: PDFName): PDFDict[] {
  const value = dict.lookup(key);
  const actions = value instanceof PDFArray ? value.asArray().map((item) => dict.context.lookup(item)) : [value];
  return actions.filter((action) => action instanceof PDFDict);
}

/** Of an action (table 201) other than going to a page of the document itself or offering a web address, in words; null of these. */
function activeKind(action: PDFDict): string | null {
  const kind = action.lookup(PDFName.of('S'));
  if (!(kind instanceof PDFName) || kind === PDFName.of('GoTo')) return null;
  if (kind === PDFName.of('URI')) return isWebAddress(action.lookup(PDFName.of('URI'))) ? null : 'link outside the web';
  const name = action.lookup(PDFName.of('N'));
  if (kind === PDFName.of('Named') && name instanceof PDFName && pageTurns.has(name.decodeText())) return null;
  return `${kind.decodeText()} action`;
}

/** Readers strip white space and control characters from an address before they look at its scheme. Without a scheme it is relative to the base. */
function isWebAddress(address: PDFObject | undefined): boolean {
  if (!(address instanceof PDFString || address instanceof PDFHexString)) return true;
  const plain = address.decodeText().replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, '').toLowerCase();
  const isHostAndPort = /^[\w-]+(\.[\w-]+)+:\d{1,5}([/?#]|$)/.test(plain);
  const scheme = isHostAndPort ? undefined : /^([^/?#]*?):/.exec(plain)?.[1];
  return !plain.startsWith('\\') && (scheme === undefined || webSchemes.has(scheme));
}

/** Takes the action away that follows on opening, if it or what is chained to it does more than show a page: nobody clicks. */
function opensMoreThanAPage(catalog: PDFDict): boolean {
  const chain = new Set(actionsAt(catalog, PDFName.of('OpenAction')));
  for (const action of chain) for (const next of actionsAt(action, PDFName.of('Next'))) chain.add(next);
  return [...chain].some((action) => action.lookup(PDFName.of('S')) === PDFName.of('URI')) && catalog.delete(PDFName.of('OpenAction'));
}

function removeAnnotations(list: PDFArray, removed: Set<string>): void {
  keepItems(list, (annotation) => {
    if (!(annotation instanceof PDFDict)) return true;
    const kind = annotation.lookup(PDFName.of('Subtype'));
    const word = kind instanceof PDFName && activeAnnotations.has(kind.decodeText()) ? kind.decodeText() : isPrintedUnseen(annotation) ? 'unseen but printed' : null;
    if (word !== null) removed.add(`${word} annotation`);
    return word === null;
  });
}

function isPrintedUnseen(annotation: PDFDict): boolean {
  const flags = annotation.lookup(PDFName.of('F'));
  const value = flags instanceof PDFNumber ? flags.asNumber() : 0;
  return (value & (hidden | print | noView)) === (print | noView);
}
