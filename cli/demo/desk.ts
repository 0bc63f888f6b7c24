/** A receptionist: waits for what was printed, picks the line, releases it to the tablet. */
import type { DeskRequest, RequestState, StationToDesk } from '#kiosk/protocol/index.ts';
import { Session } from './session.ts';

type State = Extract<StationToDesk, { type: 'state' }>;

export class Desk {
  readonly session: Session<StationToDesk, never>;

  private constructor(session: Session<StationToDesk, never>) {
    this.session = session;
  }

  static async open(address: string): Promise<Desk> {
    return new Desk(await Session.open<StationToDesk, never>(address, '/ws/desk'));
  }

  /** The newest request in one of these states. */
  async request(states: readonly RequestState[], id?: string): Promise<DeskRequest> {
    const find = (state: State) => state.requests.find((request) => states.includes(request.state) && (id === undefined || request.id === id));
    const state = await this.session.until(`a request that is ${states.join(' or ')}`, (message): message is State => message.type === 'state' && find(message) !== undefined);
    return find(state) as DeskRequest;
  }

  async delivered(id: string): Promise<void> {
    await this.session.until('the packet in the store', (message): message is State => message.type === 'state'
      && message.requests.some((request) => request.id === id && request.delivery === 'delivered'));
  }

  /** Releases to the tablet, signing on the guest's line where there are several. */
  async release(request: DeskRequest): Promise<void> {
    if (request.plan.length === 0) {
      const field = request.fields.findIndex(({ kind, role }) => kind === 'signature' && role === 'guest');
      await this.session.post(`/desk/requests/${request.id}/plan`, { signings: [{ role: 'guest', kind: 'signature', field }] });
    }
    await this.session.post(`/desk/requests/${request.id}/release`, {});
  }

  close(): void {
    this.session.close();
  }
}
