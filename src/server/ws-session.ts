import { addressKey } from '../limits/address.ts';
import type { Allowance } from '../limits/allowance.ts';
import type { Limits } from '../limits/limits.ts';
import type { Leave } from '../limits/occupancy.ts';
import { mayDo, type Principal } from '../pipeline/access.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { JsonObject, JsonValue } from '../pipeline/event.ts';
import { shown, shownSyntaxError } from '../pipeline/field-error.ts';
import type { WsIngest, WsProducer } from '../pipeline/ingest-ports.ts';
import type { SubscribeRequest, Subscription, Subscriptions } from '../pipeline/subscriptions.ts';
import { closeCodes } from './close-codes.ts';
import type { LogBounds } from './cursor.ts';
import { readSubscribeFrame } from './subscribe-request.ts';
import type { WsOutlet } from './ws-outlet.ts';

/** A client that leaves so many bytes unread, answers to what it publishes among them, is cut off. */
const maxUnreadBytes = 2 * 1024 * 1024;

/** As many of the shortest drafts as a frame has room for; what is not even a draft is shorter, and its verdict is not. */
const maxFrameItems = 65_536;

export interface WsSessionOptions {
  readonly ingest: WsIngest;
  readonly subscriptions: Subscriptions;
  readonly bounds: () => LogBounds;
  readonly version: string;
  readonly clock: () => number;
}

/** One WebSocket client: publishes, and has at most one subscription at a time. */
export class WsSession<UserData> {
  readonly #options: WsSessionOptions;
  readonly #outlet: WsOutlet<UserData>;
  readonly #limits: Limits;
  readonly #allowance: Allowance | null;
  readonly #mayFrame: () => boolean;
  readonly #producer: WsProducer;
  readonly #principal: Principal;
  readonly #forgetEnd: () => void;
  #subscription: Subscription | null = null;
  /** Gives back its place among the subscribers. */
  #leave: Leave | null = null;

  constructor(outlet: WsOutlet<UserData>, principal: Principal, options: WsSessionOptions, limits: Limits) {
    this.#options = options;
    this.#outlet = outlet;
    this.#principal = principal;
    this.#limits = limits;
    this.#allowance = limits.allowance(addressKey(outlet.remoteAddress), principal.token);
    this.#mayFrame = limits.frameGate();
    this.#producer = options.ingest.connect((frames) => {
      outlet.atOnce(() => {
        for (const frame of frames) this.#send(frame);
      });
    }, principal.sources);
    this.#forgetEnd = principal.onEnd(() => {
      outlet.end('unauthorized');
    });
  }

  /** Says hello, and begins the subscription that the upgrade asked for; null is none. */
  open(request: SubscribeRequest | null): void {
    this.#hello(request?.after ?? this.#options.subscriptions.published);
    if (request !== null && this.#takePlace()) {
      this.#subscription = this.#options.subscriptions.open(request, this.#outlet);
    }
  }

  /** `bytes` is its length as it came. */
  receive(text: string, bytes = Buffer.byteLength(text)): void {
    const hadCredit = this.#countBytes(bytes);
    let ref: JsonValue | undefined;
    try {
      const frame = parseFrame(text);
      // Without a type it is a draft, and what it calls `ref` is its own.
      if (frame['type'] !== undefined) ref = frame['ref'] ?? undefined;
      if (ref !== undefined && typeof ref !== 'string' && typeof ref !== 'number') {
        ref = undefined;
        throw new RefusedError('invalid_request', `ref: must be a string or a number; got ${shown(frame['ref'])}`);
      }
      this.#dispatch(frame, ref, text, hadCredit);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (this.#mayAsk()) this.refuse(error, ref);
    }
  }

  receiveBinary(bytes: number): void {
    this.#countBytes(bytes);
    if (this.#mayAsk()) this.refuse(new RefusedError('invalid_request', 'frame: must be text; got a binary one'));
  }

  /** A ping came, which uWebSockets.js has answered. */
  pinged(): void {
    this.#mayAsk();
  }

  drained(): void {
    this.#subscription?.drained();
  }

  /** The connection is gone. */
  closed(): void {
    this.#forgetEnd();
    this.#outlet.closed();
    this.#subscription?.close();
    this.#leave?.();
  }

  /** Says why, and ends the connection where it is of no more use. */
  refuse(error: RefusedError, ref?: JsonValue): void {
    this.#send(errorFrame(error, ref));
    if (error.code === 'wrong_epoch' || error.code === 'gone') {
      this.#outlet.close(closeCodes.goneOrWrongEpoch, error.code);
    } else if (error.code === 'rate_limited') {
      this.#outlet.close(closeCodes.tooMany, error.message);
    }
  }

  #dispatch(frame: JsonObject, ref: JsonValue | undefined, text: string, hadCredit: boolean): void {
    const type = frame['type'];
    if (type === undefined) this.#publish([frame], undefined, text, hadCredit);
    else if (type === 'publish') this.#publish(draftsOf(frame), ref, text, hadCredit);
    else if (type === 'subscribe') this.#subscribe(frame);
    else throw new RefusedError('invalid_request', `type: must be publish or subscribe; got ${shown(type)}`);
  }

  #requireRole(needs: 'ingest' | 'read'): void {
    if (mayDo(this.#principal, needs)) return;
    const rule = `this frame needs a token with the role ${needs}`;
    throw new RefusedError('forbidden', `type: ${rule}; this one has ${this.#principal.role}`);
  }

  /** Counts a frame while there is credit, since what is refused costs nothing. Whether there was. */
  #countBytes(bytes: number): boolean {
    const hasCredit = this.#allowance?.hasCredit ?? true;
    if (hasCredit) this.#allowance?.take({ bytes });
    return hasCredit;
  }

  #publish(drafts: readonly JsonValue[], ref: JsonValue | undefined, text: string, hadCredit: boolean): void {
    this.#requireRole('ingest');
    if (drafts.length === 0 && !this.#mayAsk()) return;
    const wait = hadCredit ? null : (this.#allowance?.refusal() ?? null);
    if (wait !== null) {
      this.#producer.refuse(drafts.length, ref, { kind: 'rejected', code: 'rate_limited', ...wait });
      return;
    }
    this.#allowance?.take({ events: drafts.length });
    this.#producer.publish(drafts, ref, text);
  }

  #subscribe(frame: JsonObject): void {
    this.#requireRole('read');
    if (!this.#mayAsk() || !this.#takePlace()) return;
    const { bounds, clock, subscriptions } = this.#options;
    const request = readSubscribeFrame(frame, bounds(), clock());
    this.#subscription?.close();
    this.#hello(request.after);
    this.#subscription = subscriptions.open(request, this.#outlet);
  }

  #hello(after: number): void {
    const { epoch, head, first } = this.#options.bounds();
    this.#send(JSON.stringify({ type: 'hello', epoch, head, first, after, version: this.#options.version }));
  }

  /** Whether one more frame that publishes nothing may come; too many end the connection. */
  #mayAsk(): boolean {
    const isAllowed = this.#mayFrame();
    if (!isAllowed) this.#outlet.close(closeCodes.tooMany, 'too many pings, or frames that publish nothing');
    return isAllowed;
  }

  #takePlace(): boolean {
    this.#leave ??= this.#limits.subscriptions.enter(addressKey(this.#outlet.remoteAddress), this.#principal.token);
    if (this.#leave === null) this.refuse(new RefusedError('rate_limited', 'too many subscriptions; close some', 1));
    return this.#leave !== null;
  }

  /** One answer may be larger than that: what counts is what was left unread before. */
  #send(frame: string): void {
    if (this.#outlet.heldBytes > maxUnreadBytes) this.#outlet.end('unresponsive');
    else this.#outlet.send(frame);
  }
}

function parseFrame(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new RefusedError('invalid_json', `frame: must be a JSON object; ${shownSyntaxError(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RefusedError('invalid_json', `frame: must be a JSON object; got ${shown(value)}`);
  }
  return value as JsonObject;
}

function draftsOf(frame: JsonObject): readonly JsonValue[] {
  const { event, events } = frame;
  if (event !== undefined && events === undefined) return [event];
  if (event === undefined && Array.isArray(events)) return upToLimit(events as readonly JsonValue[]);
  throw new RefusedError('invalid_request', 'publish: must have either event, a draft, or events, an array of drafts');
}

function upToLimit(events: readonly JsonValue[]): readonly JsonValue[] {
  if (events.length <= maxFrameItems) return events;
  throw new RefusedError('too_large', `events: must be at most ${String(maxFrameItems)}; got ${String(events.length)}`);
}

function errorFrame({ code, message, retryAfter }: RefusedError, ref: JsonValue | undefined): string {
  const [known, wait] = [ref === undefined ? {} : { ref }, retryAfter === undefined ? {} : { retryAfter }];
  return JSON.stringify({ type: 'error', code, error: message, ...wait, ...known });
}
