/**
 * Get-Printer-Attributes, RFC 8011 section 4.2.5.
 *
 * A `document-format` in the request is not looked at: the answer is the same for every format, and a refusal for
 * one not taken would keep a client from learning which are.
 */
import { stringsOf } from '../ipp-codec/message.ts';
import { GROUP } from '../ipp-codec/tags.ts';
import { JOB_TEMPLATE } from '../job-template.ts';
import { MEDIA_COL_DATABASE } from '../media.ts';
import { printerDescription } from '../printer-attributes.ts';
import { requestedAttributes } from '../requested-attributes.ts';
import { answer, type Operation } from './operation.ts';

export const getPrinterAttributes: Operation = ({ attributes, view }) => {
  const asked = stringsOf(attributes, 'requested-attributes', 'keyword', 'name');
  const groups = { 'printer-description': printerDescription(view), 'job-template': JOB_TEMPLATE };
  return answer({
    tag: GROUP.printer,
    attributes: requestedAttributes(asked.length > 0 ? asked : ['all'], groups, [MEDIA_COL_DATABASE]),
  });
};
