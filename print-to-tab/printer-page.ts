/**
 * What a browser shows at a printer's address: which tablet it is and how to add it. No jobs, no names.
 */
import type { PrinterInfo } from './job-store.ts';

export function printerPage(info: PrinterInfo, ippUri: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(info.name)}</title>
<style>body { font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em }</style>
<h1>${escape(info.name)}</h1>
<p>${escape(info.location)}
<p>This is the printer of a signing tablet. It ${info.accepting ? 'takes documents (PDF).' : 'takes no documents at the moment.'}
<p>Add it to a computer with this address:
<p><code>${escape(ippUri)}</code>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
