/**
 * What every request must have before its operation is looked at: RFC 8011 sections 4.1.1 to 4.1.8.
 */
import { groupOf, stringOf, type Message } from '../ipp-codec/message.ts';
import { GROUP } from '../ipp-codec/tags.ts';
import { refuse, type Response } from './operation.ts';

/** Both are asked for, and every client sends one of them. */
const CHARSETS = ['utf-8', 'us-ascii'];

/** @returns null when nothing is wrong */
export function checkRequest(message: Message): Response | null {
  const { major, minor } = message.version;
  if (major < 1 || major > 2) return refuse('server-error-version-not-supported', `IPP/${major}.${minor} is not spoken here; 1.0, 1.1 and 2.0 are.`);
  if (message.requestId < 1) return badRequest('The request-id must be 1 or more.');
  if (message.groups[0]?.tag !== GROUP.operation) return badRequest('The operation attributes must come first.');
  const [first, second] = groupOf(message, GROUP.operation);
  if (first?.name !== 'attributes-charset' || first.values[0]?.type !== 'charset') return badRequest('The first attribute must be attributes-charset.');
  if (second?.name !== 'attributes-natural-language' || second.values[0]?.type !== 'naturalLanguage') {
    return badRequest('The second attribute must be attributes-natural-language.');
  }
  const charset = first.values[0].value.toLowerCase();
  if (!CHARSETS.includes(charset)) return refuse('client-error-charset-not-supported', 'Only utf-8 and us-ascii are understood.');
  const attributes = groupOf(message, GROUP.operation);
  if (stringOf(attributes, 'printer-uri', 'uri') === null && stringOf(attributes, 'job-uri', 'uri') === null) {
    return badRequest('There is neither printer-uri nor job-uri.');
  }
  return null;
}

function badRequest(text: string): Response {
  return refuse('client-error-bad-request', text);
}
