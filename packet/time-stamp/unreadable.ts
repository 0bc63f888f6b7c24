/** Errors of the code underneath, as errors of a time-stamp. */
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from '#keys/errors.ts';
import { PacketError } from '../errors.ts';

/** @throws PacketError `TIME_STAMP_UNREADABLE` or `TIME_STAMP_ALGORITHM` where `read` meets what it cannot take; anything else as it is */
export async function asTimeStamp<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RecordError && error.code === 'CMS_ALGORITHM') {
      throw new PacketError('TIME_STAMP_ALGORITHM', `The time-stamp uses what is not accepted here: ${sentence(error)}`, { cause: error });
    }
    if (error instanceof RecordError || error instanceof KeyError) {
      throw new PacketError('TIME_STAMP_UNREADABLE', `This is no RFC 3161 time-stamp that can be read: ${sentence(error)}`, { cause: error });
    }
    throw error;
  }
}

function sentence({ message }: Error): string {
  return message.endsWith('.') ? message : `${message}.`;
}
