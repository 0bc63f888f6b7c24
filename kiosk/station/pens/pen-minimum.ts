/**
 * What is asked of pens: the tenant's demand where its signed configuration makes one, else that of `station.json`, which
 * whoever may write that file can lower. The two are not added up, so that an administrator can also ask for less.
 */
import type { AwaitingKeys, SigningKeys } from '#keys/index.ts';
import type { Settings } from '../settings.ts';
import type { PenMinimum } from './pen-settings.ts';

type Keys = Pick<SigningKeys, 'awaiting' | 'penMinimum'> | Pick<AwaitingKeys, 'awaiting'>;

export function penMinimum({ keys, settings }: { keys: Keys; settings: Pick<Settings, 'pens'> }): PenMinimum {
  const demands = keys.awaiting === null ? keys.penMinimum : null;
  if (demands === null) return settings.pens.minimum;
  const { raw, pressure, tilt, inAir, deviceClock } = demands;
  return {
    ...(raw ? { raw } : {}), ...(pressure === null ? {} : { pressure }), ...(tilt ? { tilt } : {}), ...(inAir ? { inAir } : {}), ...(deviceClock ? { deviceClock } : {}),
  };
}
