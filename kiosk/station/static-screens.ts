/**
 * The built screens, read-only, from one folder. Names are checked before a path is made of them, and a link
 * that leads out of the folder is not followed.
 */
import { readFile, realpath } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { StationError } from './errors.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon',
  '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.pfb': 'application/octet-stream', '.wasm': 'application/wasm', '.bcmap': 'application/octet-stream', '.icc': 'application/octet-stream',
};
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

export class StaticScreens {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The page of a screen. @throws StationError `SCREENS_MISSING` */
  async page(name: 'guest' | 'desk' | 'genuine', response: ServerResponse): Promise<void> {
    try {
      await this.#send(`${name}/index.html`, response, 'no-store');
    } catch (cause) {
      if (!(cause instanceof StationError)) throw cause;
      throw new StationError('SCREENS_MISSING', 'The screens are not built yet. Start the station with "countersign start", which builds them.', { cause });
    }
  }

  /** @param name what follows `/screens/`. @throws StationError `NOT_FOUND` */
  async file(name: string, response: ServerResponse): Promise<void> {
    // built assets carry a hash of their content in their name
    await this.#send(name, response, name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
  }

  async #send(name: string, response: ServerResponse, caching: string): Promise<void> {
    const type = TYPES[extname(name)];
    if (!NAME.test(name) || type === undefined) throw notFound();
    const bytes = await this.#read(join(this.#folder, name));
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length, 'Cache-Control': caching });
    response.end(bytes);
  }

  async #read(path: string): Promise<Buffer> {
    try {
      const [inside, folder] = await Promise.all([realpath(path), realpath(this.#folder)]);
      if (!inside.startsWith(folder + sep)) throw notFound();
      return await readFile(inside);
    } catch (cause) {
      throw cause instanceof StationError ? cause : notFound(cause);
    }
  }
}

function notFound(cause?: unknown): StationError {
  return new StationError('NOT_FOUND', 'There is no such file.', { cause });
}
