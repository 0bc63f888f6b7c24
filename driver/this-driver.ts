/** What this driver and the system under it are called in `PenSourceInfo`. Before it: nothing. After it: every source but `pointer/`, which runs in browsers. */
import { release, type } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };

export const DRIVER_VERSION: string = packageJson.version;

export const HOST = `${type()} ${release()}`;
