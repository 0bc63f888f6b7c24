/**
 * The project's own IPP client: Print-Job, then Get-Job-Attributes until the job has ended (RFC 8011 sections
 * 4.2.1 and 4.3.4). For `countersign print` and for tests where no CUPS is.
 *
 * Before: a PDF. After: any IPP printer; ours is `printer.ts`. It follows no redirects and sends no password.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { PrintError } from './errors.ts';
import { decode } from './ipp-codec/decode.ts';
import { encode } from './ipp-codec/encode.ts';
import { groupOf, integerOf, stringOf, type Message } from './ipp-codec/message.ts';
import { GROUP } from './ipp-codec/tags.ts';
import { attribute, charset, integer, keyword, language, mimeType, name, uri, type Attribute } from './ipp-codec/value.ts';
import { JOB_STATES, type JobState } from './jobs.ts';
import { printableText } from './printable-text.ts';

const PRINT_JOB = 0x0002;
const GET_JOB_ATTRIBUTES = 0x0009;
const IPP_PORT = 631;
const FIRST_ERROR_STATUS = 0x0100;
const MAX_ANSWER_BYTES = 1024 * 1024;
const POLL_MS = 250;
const ENDED: readonly string[] = ['canceled', 'aborted', 'completed'];

export interface PrintOptions {
  /** Shown in the queue and at the desk. */
  name: string;
  /** Told to the printer, which has no way to check it. */
  user: string;
  /** Media type; without it the printer looks at the bytes. */
  format?: string;
  /** PEM of the CA behind an `ipps:` address that no public CA vouches for. */
  ca?: string;
}

export interface PrintResult {
  jobId: number;
  /** `completed`, `aborted` or `canceled`. */
  state: JobState;
  /** The printer's own words; empty for none. */
  message: string;
}

/**
 * Sends a document and waits for what the printer makes of it.
 *
 * @param address `ipp://host[:port]/path` or `ipps://…`
 * @throws PrintError BAD_ADDRESS, UNREACHABLE, NOT_A_PRINTER, UNREADABLE, or REFUSED with the printer's words
 */
export async function printFile(address: string, bytes: AsyncIterable<Uint8Array> | Uint8Array, options: PrintOptions): Promise<PrintResult> {
  const connection = new Connection(address, options);
  const format = options.format ?? 'application/octet-stream';
  const created = await connection.send(PRINT_JOB, [
    attribute('job-name', name(printableText(options.name, 255) || 'Untitled')),
    attribute('document-format', mimeType(format)),
  ], bytes);
  const jobId = integerOf(groupOf(created, GROUP.job), 'job-id');
  if (jobId === null) throw new PrintError('NOT_A_PRINTER', `${address} took the document but named no job.`);
  for (let answer = created; ; answer = await connection.send(GET_JOB_ATTRIBUTES, statusOf(jobId))) {
    const state = stateOf(answer);
    if (ENDED.includes(state)) return { jobId, state, message: stringOf(groupOf(answer, GROUP.job), 'job-state-message', 'text') ?? '' };
    await wait(POLL_MS);
  }
}

function statusOf(jobId: number): Attribute[] {
  return [attribute('job-id', integer(jobId)), attribute('requested-attributes', keyword('job-state'), keyword('job-state-message'))];
}

/** A state not known here (held, stopped) is one the job will leave again. */
function stateOf(answer: Message): JobState {
  const number = integerOf(groupOf(answer, GROUP.job), 'job-state');
  const known = Object.entries(JOB_STATES).find(([, value]) => value === number);
  return known === undefined ? 'pending' : known[0] as JobState;
}

class Connection {
  readonly #address: string;
  readonly #url: URL;
  readonly #options: PrintOptions;
  #lastRequest = 0;

  constructor(address: string, options: PrintOptions) {
    const url = /^ipps?:\/\//.test(address) ? URL.parse(address.replace(/^ipp/, 'http')) : null;
    if (url === null) throw new PrintError('BAD_ADDRESS', `"${address}" is no printer address. It looks like ipp://host:port/ipp/print/name.`);
    if (url.port === '' && !/:(80|443)(\/|$)/.test(address)) url.port = String(IPP_PORT);
    this.#address = address;
    this.#url = url;
    this.#options = options;
  }

  /** @throws PrintError REFUSED for every status that is no success */
  async send(operation: number, attributes: Attribute[], document?: AsyncIterable<Uint8Array> | Uint8Array): Promise<Message> {
    this.#lastRequest += 1;
    const head = encode({
      version: { major: 2, minor: 0 }, code: operation, requestId: this.#lastRequest,
      groups: [{ tag: GROUP.operation, attributes: [...this.#preamble(), ...attributes] }],
    });
    const answer = await this.#exchange(head, document);
    if (answer.code < FIRST_ERROR_STATUS) return answer;
    const words = stringOf(groupOf(answer, GROUP.operation), 'status-message', 'text') ?? `status 0x${answer.code.toString(16).padStart(4, '0')}`;
    throw new PrintError('REFUSED', `${this.#address} refused: ${words}`);
  }

  #preamble(): Attribute[] {
    return [
      attribute('attributes-charset', charset('utf-8')),
      attribute('attributes-natural-language', language('en')),
      attribute('printer-uri', uri(this.#address)),
      attribute('requesting-user-name', name(printableText(this.#options.user, 255) || 'anonymous')),
    ];
  }

  /** A printer may answer before it has the whole document: the answer counts, and sending stops. */
  async #exchange(head: Uint8Array, document?: AsyncIterable<Uint8Array> | Uint8Array): Promise<Message> {
    const request = this.#open();
    const answer = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
    const sent = pipeline(Readable.from(body(head, document), { objectMode: false }), request).catch((error: unknown) => error);
    try {
      return await this.#read(await answer.catch(async (error: Error) => this.#unreachable(error, await sent)));
    } finally {
      if (!request.writableFinished) request.destroy();
    }
  }

  #open(): ClientRequest {
    const options = { method: 'POST', headers: { 'content-type': 'application/ipp' }, ca: this.#options.ca };
    return this.#url.protocol === 'https:' ? httpsRequest(this.#url, options) : httpRequest(this.#url, options);
  }

  #unreachable(error: Error, sending: unknown): never {
    if (sending instanceof PrintError) throw sending;
    const why = error.message || (error as NodeJS.ErrnoException).code;
    throw new PrintError('UNREACHABLE', `No printer answers at ${this.#address} (${why}). Is the station running?`, { cause: error });
  }

  async #read(response: IncomingMessage): Promise<Message> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > MAX_ANSWER_BYTES) break;
      pieces.push(piece);
    }
    try {
      if (response.statusCode !== 200) throw new PrintError('NOT_A_PRINTER', `HTTP status ${response.statusCode}`);
      return decode(Buffer.concat(pieces)).message;
    } catch (error) {
      throw new PrintError('NOT_A_PRINTER', `What answers at ${this.#address} is no printer: ${(error as Error).message}`, { cause: error });
    }
  }
}

async function* body(head: Uint8Array, document?: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  yield head;
  try {
    if (document instanceof Uint8Array) yield document;
    else if (document !== undefined) yield* document;
  } catch (error) {
    throw new PrintError('UNREADABLE', `The document cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
}
