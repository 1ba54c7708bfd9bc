import type { WebSocket } from 'uWebSockets.js';
import type { EndReason, Outlet } from '../pipeline/subscriptions.ts';
import { closeCodes } from './close-codes.ts';

/** A subscriber on a WebSocket. After `closed` it does nothing: a closed socket must not be touched. */
export class WsOutlet<UserData> implements Outlet {
  readonly format = 'ws';
  readonly remoteAddress: string;
  #socket: WebSocket<UserData> | null;

  constructor(socket: WebSocket<UserData>, remoteAddress: string) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
  }

  get heldBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  send(frame: string): void {
    this.#socket?.send(frame);
  }

  /** What is sent while `act` runs goes out together, which is cheaper. */
  atOnce(act: () => void): void {
    this.#socket?.cork(act);
  }

  join(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  leave(topic: string): void {
    this.#socket?.unsubscribe(topic);
  }

  end(reason: EndReason): void {
    if (reason === 'gone') this.close(closeCodes.goneOrWrongEpoch, 'gone: what comes next is no longer kept');
    else if (reason === 'unreadable') this.close(closeCodes.unreadable, 'what comes next cannot be read');
    else if (reason === 'unauthorized') this.close(closeCodes.unauthorized, 'the token is no longer valid');
    else if (reason === 'unresponsive') this.close(closeCodes.unresponsive, 'frames were not read');
    else this.close(closeCodes.restarting, 'the hub is stopping; connect again');
  }

  close(code: number, reason: string): void {
    this.#socket?.end(code, reason);
  }

  closed(): void {
    this.#socket = null;
  }
}
