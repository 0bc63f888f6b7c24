/**
 * The printer service: one path per tablet, `/ipp/print/<id>`, for an HTTP or HTTPS server of the station.
 *
 * Before: a print client (CUPS, the Windows class driver, `client.ts`). After: an operation in `ipp-operations/`.
 * IPP over HTTP is RFC 8010 section 4. What this does not protect from: whoever can reach the port can print, and
 * user names are claims. A browser cannot print here: it always sends an Origin, and that is refused.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PrintError } from './errors.ts';
import { HttpBody } from './http-body.ts';
import { encode } from './ipp-codec/encode.ts';
import { groupOf, stringOf, type Message } from './ipp-codec/message.ts';
import { GROUP } from './ipp-codec/tags.ts';
import { attribute, charset, language, text } from './ipp-codec/value.ts';
import { checkRequest } from './ipp-operations/check-request.ts';
import { OPERATIONS } from './ipp-operations/index.ts';
import { refuse, type Request, type Response, type Service } from './ipp-operations/operation.ts';
import { STATUS } from './ipp-operations/status.ts';
import type { JobStore, PrinterInfo } from './job-store.ts';
import { isFinished, Jobs } from './jobs.ts';
import { PRINTER_LIMITS, type PrinterLimits } from './limits.ts';
import type { PrinterView } from './printer-attributes.ts';
import { printableText } from './printable-text.ts';
import { printerPage } from './printer-page.ts';

export interface PrinterOptions {
  /** Asked at every request, so that tablets may come and go. */
  printers: () => PrinterInfo[];
  store: JobStore;
  limits?: Partial<PrinterLimits>;
  /** A client wants to know which tablet this is (Identify-Printer). */
  identify?: (printer: string) => void;
}

export interface Printer {
  /** For the `request` event of a server made with `PRINTER_SERVER`; never rejects. Node answers `Expect: 100-continue`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Breaks off what is under way, aborts its sinks, and resolves when all of it has ended. */
  close(): Promise<void>;
}

export function createPrinter(options: PrinterOptions): Printer {
  const limits = { ...PRINTER_LIMITS, ...options.limits };
  const jobs = new Jobs(limits);
  const service: Service = { store: options.store, jobs, limits, identify: options.identify ?? (() => { /* nobody to tell */ }) };
  const changes = new StateChanges();
  const startedAt = Date.now();
  const underWay = new Map<IncomingMessage, Promise<void>>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = printerIdOf(request.url ?? '');
    const info = options.printers().find((printer) => printer.id === id);
    if (request.method === 'GET' || request.method === 'HEAD') return servePage(request, response, info);
    const obstacle = httpObstacle(request);
    if (obstacle !== null) return plain(response, ...obstacle);
    const body = new HttpBody(request, limits.idleMs);
    const message = await readMessage(body, limits);
    const answered = 'refusal' in message
      ? message.refusal
      : await perform(message, info, request, body);
    const drained = await body.drain(limits.maxBytes);
    if (!drained) response.setHeader('connection', 'close');
    send(response, 'refusal' in message ? null : message, answered);
    if (!drained) response.once('finish', () => request.destroy());
  }

  async function perform(message: Message, info: PrinterInfo | undefined, http: IncomingMessage, body: HttpBody): Promise<Response> {
    const wrong = checkRequest(message);
    if (wrong !== null) return wrong;
    const attributes = groupOf(message, GROUP.operation);
    const target = stringOf(attributes, 'printer-uri', 'uri') ?? stringOf(attributes, 'job-uri', 'uri') ?? '';
    if (info === undefined || printerIdOf(pathOf(target)) !== info.id) return refuse('client-error-not-found', 'There is no printer at this address.');
    const operation = OPERATIONS.get(message.code);
    if (operation === undefined) return refuse('server-error-operation-not-supported', 'This printer does not do that.');
    const request: Request = {
      message, attributes, wishes: groupOf(message, GROUP.job), printer: info, view: viewOf(info, http),
      client: http.socket.remoteAddress ?? '', document: body.document(),
    };
    return operation(request, service);
  }

  function viewOf(info: PrinterInfo, http: IncomingMessage): PrinterView {
    const own = jobs.of(info.id).filter((job) => !isFinished(job));
    return {
      info, ...addressOf(http, info.id), limits, startedAt,
      operations: [...OPERATIONS.keys()], queuedJobs: own.length, processing: own.some((job) => job.state === 'processing'),
      changedAt: changes.since(info, startedAt), now: Date.now(),
    };
  }

  return {
    async handle(request, response) {
      const done = serve(request, response).catch((error: unknown) => giveUp(response, error));
      underWay.set(request, done);
      await done;
      underWay.delete(request);
    },
    async close() {
      jobs.close();
      for (const request of underWay.keys()) request.destroy();
      await Promise.all(underWay.values());
    },
  };
}

/** When each tablet last changed its state, as far as requests have seen it. */
class StateChanges {
  readonly #seen = new Map<string, { state: string; at: number }>();

  since({ id, state, accepting, reasons }: PrinterInfo, startedAt: number): number {
    const now = [state, accepting, ...reasons].join(' ');
    const before = this.#seen.get(id);
    if (before?.state === now) return before.at;
    const at = before === undefined ? startedAt : Date.now();
    this.#seen.set(id, { state: now, at });
    return at;
  }
}

/** A message that cannot be read is answered as far as it can: RFC 8011 section 4.1.3. */
async function readMessage(body: HttpBody, limits: PrinterLimits): Promise<Message | { refusal: Response }> {
  try {
    return await body.message(limits.maxAttributeBytes);
  } catch (error) {
    if (!(error instanceof PrintError) || !error.code.startsWith('IPP_')) throw error;
    const status = error.code === 'IPP_LIMIT' ? 'client-error-request-entity-too-large' : 'client-error-bad-request';
    return { refusal: refuse(status, error.message) };
  }
}

/** @returns why this is no IPP request, or null */
function httpObstacle({ method, headers }: IncomingMessage): [status: number, text: string] | null {
  if (method !== 'POST') return [405, 'This is a printer: it answers to IPP, which is HTTP POST.'];
  if (headers.origin !== undefined) return [403, 'Web pages cannot print here.'];
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/ipp') return [415, 'This is a printer: it takes application/ipp.'];
  return null;
}

function servePage(request: IncomingMessage, response: ServerResponse, info: PrinterInfo | undefined): void {
  if (info === undefined) return plain(response, 404, 'There is no printer at this address.');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(printerPage(info, addressOf(request, info.id).ippUri));
}

function plain(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${words}\n`);
}

/** The version is echoed: Windows compares. Only a version not spoken is answered in the nearest one that is. */
function send(response: ServerResponse, request: Message | null, { status, text: words, groups }: Response): void {
  const asked = request?.version ?? { major: 1, minor: 1 };
  const version = asked.major < 1 ? { major: 1, minor: 1 } : asked.major > 2 ? { major: 2, minor: 0 } : asked;
  const attributes = [attribute('attributes-charset', charset('utf-8')), attribute('attributes-natural-language', language('en'))];
  if (words !== '') attributes.push(attribute('status-message', text(printableText(words, 255))));
  const bytes = encode({
    version, code: STATUS[status], requestId: request?.requestId ?? 1,
    groups: [{ tag: GROUP.operation, attributes }, ...groups],
  });
  response.writeHead(200, { 'content-type': 'application/ipp', 'content-length': bytes.length, 'cache-control': 'no-store' });
  response.end(bytes);
}

/** Nobody is left to be answered, or the answer itself failed. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (error instanceof PrintError || response.headersSent) response.destroy();
  else plain(response, 500, 'The printer failed. Try again.');
}

/** `/ipp/print/<id>`, `/ipp/print/<id>/` and `/ipp/print/<id>/jobs/<n>` → `<id>`. */
function printerIdOf(path: string): string | null {
  const encoded = /^\/ipp\/print\/([^/?#]+)(?:\/|\/jobs\/\d+)?$/.exec(path)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function pathOf(uri: string): string {
  return /^[a-z]+:\/\/[^/]+(\/.*)$/i.exec(uri)?.[1] ?? '';
}

/** The printer as this client reached it: a name that works for the client is worth more than one of ours. */
function addressOf(request: IncomingMessage, id: string): Pick<PrinterView, 'ippUri' | 'httpUri' | 'secure'> {
  const secure = 'encrypted' in request.socket;
  const given = request.headers.host ?? '';
  const host = /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(given) ? given : `localhost:${request.socket.localPort}`;
  const path = `/ipp/print/${encodeURIComponent(id)}`;
  return { ippUri: `${secure ? 'ipps' : 'ipp'}://${host}${path}`, httpUri: `${secure ? 'https' : 'http'}://${host}${path}`, secure };
}
