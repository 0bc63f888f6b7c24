/**
 * The station: the server of one front desk. It takes print jobs, holds requests, serves the screens, signs,
 * and hands packets to the outbox.
 *
 * Before: `print-to-tab` (documents), `kiosk/screens` (guest and desk), `cli` and `kiosk/supervisor.ts`.
 * After: `biometrics`, `keys`, `packet`, `sync-agent/outbox.ts`. `main.ts` is its process.
 */
export { StationError, type StationErrorCode } from './errors.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { startStation, type Addresses, type RunningStation, type StationOptions } from './start-station.ts';
