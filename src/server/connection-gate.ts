import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { addressKey } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import { addressText } from './address-text.ts';
import { statusLine } from './status-line.ts';

const body = '{"ok":false,"code":"rate_limited","error":"too many connections; wait a second","retryAfter":1}';

/** Refuses connections of the port, with 429, before they have asked for anything: when there are as many as there may be, or
 *  when too many of one address come in a second. A trusted proxy's are all let in; who is behind them is told with each
 *  request. */
export class ConnectionGate {
  readonly #limits: Limits;
  readonly #isSecure: boolean;
  #open = 0;

  constructor(limits: Limits, isSecure: boolean) {
    this.#limits = limits;
    this.#isSecure = isSecure;
  }

  attach(app: TemplatedApp): void {
    app.filter((response, change) => {
      this.#open += Number(change);
      if (change === 1 && !this.#isWelcome(response)) this.#refuse(response);
    });
  }

  /** uWebSockets.js counts a connection no more once it is a WebSocket. */
  webSocketClosed(): void {
    this.#open -= 1;
  }

  #isWelcome(response: HttpResponse): boolean {
    if (this.#open > this.#limits.settings.connections) {
      this.#limits.refusals.count('connections');
      return false;
    }
    const peer = addressText(response.getRemoteAddress());
    return this.#limits.proxies.includes(peer) || this.#limits.mayConnect(addressKey(peer));
  }

  #refuse(response: HttpResponse): void {
    // An answer would wait for the handshake, and the connection with it, among those that are counted.
    if (this.#isSecure) {
      response.close();
      return;
    }
    response.cork(() => {
      response.writeStatus(statusLine(429));
      response.writeHeader('Content-Type', 'application/json; charset=utf-8').writeHeader('Retry-After', '1');
      response.end(body, true);
    });
  }
}
