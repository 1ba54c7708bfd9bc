import type { Frame, WebSocketConstructor } from '../../src/client/socket.ts';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { anEvent, fakeNetwork, type FakeSocket } from './fake-socket.ts';

const epoch = 'e1';
type Matches = (event: RecordedEvent) => boolean;

/** One connection: what is under way in both directions, and the hub's side of the subscription. */
interface Connection {
  readonly socket: FakeSocket;
  readonly toClient: Frame[];
  /** How many of the client's frames the hub has read. */
  read: number;
  matches: Matches | null;
  /** The last position that this subscriber has been sent, or that was looked at for it. */
  position: number;
  isBehind: boolean;
}

/** The hub's part of contract section 5, in memory and one step at a time: a test says when a frame travels, when a
 *  connection breaks and what is lost with it. Subscriptions filter by `source` alone. */
export class FakeHub {
  readonly log: RecordedEvent[] = [];
  readonly WebSocket: WebSocketConstructor;
  readonly #pageSize: number;
  #connection: Connection | null = null;

  constructor(pageSize: number) {
    this.#pageSize = pageSize;
    this.WebSocket = fakeNetwork((socket) => {
      const hello = this.#hello(this.#head);
      this.#connection = { socket, toClient: [hello], read: 0, matches: null, position: 0, isBehind: false };
    }).WebSocket;
  }

  get #head(): number {
    return this.log.length;
  }

  append(source: string): void {
    this.log.push(anEvent(this.#head + 1, { source }));
    if (this.#connection !== null && !this.#connection.isBehind) this.#send(this.#connection);
  }

  /** Lets `count` frames arrive at the hub. */
  hear(count: number): void {
    const connection = this.#connection;
    if (connection === null) return;
    for (const frame of connection.socket.sent.slice(connection.read, connection.read + count)) {
      connection.read += 1;
      if (frame['type'] === 'subscribe') this.#subscribe(connection, frame);
      else
        connection.toClient.push({ type: 'error', code: 'invalid_request', error: 'type: unknown', ref: frame['ref'] });
    }
  }

  /** Lets `count` frames arrive at the client. */
  deliver(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const frame = this.#connection?.toClient.shift();
      if (frame !== undefined) this.#connection?.socket.receive(frame);
    }
  }

  checkpoint(): void {
    const connection = this.#connection;
    if (connection?.matches === null || connection === null || connection.isBehind) return;
    connection.toClient.push({ type: 'checkpoint', position: connection.position });
  }

  /** The subscriber is slow: it is told so and gets nothing until it catches up. */
  fallBehind(): void {
    const connection = this.#connection;
    if (connection?.matches === null || connection === null || connection.isBehind) return;
    connection.isBehind = true;
    connection.toClient.push({ type: 'fell_behind', position: this.#head });
  }

  catchUp(): void {
    const connection = this.#connection;
    if (connection === null || !connection.isBehind) return;
    connection.isBehind = false;
    this.#send(connection);
    connection.toClient.push({ type: 'caught_up', position: connection.position });
  }

  /** The connection is gone, and everything that was under way on it. */
  break(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.socket.break();
  }

  /** Whether a connection stands on which nothing is left to be said. */
  get isQuiet(): boolean {
    const connection = this.#connection;
    if (connection === null || connection.socket.ended !== undefined) return false;
    return connection.toClient.length === 0 && connection.read === connection.socket.sent.length;
  }

  #subscribe(connection: Connection, frame: Frame): void {
    const source = frame['source'];
    connection.matches = (event) => source === undefined || event.source === source;
    connection.position = typeof frame['after'] === 'number' ? frame['after'] : this.#head;
    connection.isBehind = false;
    connection.toClient.push(this.#hello(connection.position));
    this.#send(connection);
    connection.toClient.push({ type: 'caught_up', position: connection.position });
  }

  #send(connection: Connection): void {
    const { matches } = connection;
    if (matches === null) return;
    const events = this.log.slice(connection.position).filter(matches);
    for (let at = 0; at < events.length; at += this.#pageSize) {
      connection.toClient.push({ type: 'events', events: events.slice(at, at + this.#pageSize) });
    }
    connection.position = this.#head;
  }

  #hello(after: number): Frame {
    return { type: 'hello', epoch, head: this.#head, first: 1, after, version: '1' };
  }
}
