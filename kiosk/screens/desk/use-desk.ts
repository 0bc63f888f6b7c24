import { useEffect, useState } from 'react';
import type { StationToDesk } from '#kiosk/protocol/messages.ts';
import { post } from '../link/post.ts';
import { openSocket } from '../link/socket.ts';
import { desk as words } from '../messages/desk-en.ts';
import { fill } from '../messages/guest-messages.ts';

export type DeskState = Extract<StationToDesk, { type: 'state' }>;

/** Sends a command; what the station refuses is told on the page, unless it is told `here`. @returns the refusal in words, or null once it is done */
export type Command = (path: string, body: object, told?: 'here') => Promise<string | null>;

export interface Desk {
  /** null until the station's first word. */
  state: DeskState | null;
  connected: boolean;
  /** The last refusal, in words, until it is put away. */
  refusal: string | null;
  dismiss: () => void;
  command: Command;
}

export function useDesk(): Desk {
  const [state, setState] = useState<DeskState | null>(null);
  const [connected, setConnected] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    const socket = openSocket<StationToDesk, never>('/ws/desk', {
      opened: () => setConnected(true),
      lost: () => setConnected(false),
      message: (message) => {
        if (message.type === 'state') setState(message);
        else setRefusal(message.message);
      },
    });
    return () => socket.close();
  }, []);
  const command: Command = async (path, body, told) => {
    const answer = await post(path, body);
    const refused = answer === null ? null : fill(words.refused, { detail: answer.detail || words.noAnswer });
    setRefusal(told === 'here' ? null : refused);
    return refused;
  };
  return { state, connected, refusal, dismiss: () => setRefusal(null), command };
}
