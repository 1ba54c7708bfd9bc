import { isLoopback, type AddressKey } from './address.ts';
import { Allowance, type Rate } from './allowance.ts';
import { ByteBudget } from './byte-budget.ts';
import { Occupancy } from './occupancy.ts';
import { RateLimit } from './rate-limit.ts';
import { Refusals, type LimitName } from './refusals.ts';
import { perAddressDefaults, type LimitSettings } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';
import { TrustedProxies } from './trusted-proxies.ts';

export interface LimitsOptions {
  readonly settings: LimitSettings;
  readonly trustedProxies: readonly string[];
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

/** Every limit of a hub, shared by its inputs and its server. */
export class Limits {
  readonly settings: LimitSettings;
  readonly proxies: TrustedProxies;
  readonly refusals = new Refusals();
  readonly tcpConnections: Occupancy;
  /** Requests under way, streams and WebSockets; connections that rest between requests are not in it. */
  readonly httpExchanges: Occupancy;
  readonly subscriptions: Occupancy;
  readonly historyReads: Occupancy;
  /** Bytes of request bodies that are still arriving. */
  readonly bodies: ByteBudget;
  readonly #clock: () => number;
  readonly #connects: RateLimit;
  readonly #rates: readonly Rate[];

  constructor({ settings, trustedProxies, clock = () => performance.now() }: LimitsOptions) {
    this.settings = settings;
    this.proxies = new TrustedProxies(trustedProxies);
    this.#clock = clock;
    const { connections, connectionsPerAddress, subscriptions, historyReads } = settings;
    const occupancy = (name: LimitName, total: number, own: number | undefined, byDefault: number) =>
      new Occupancy(
        total,
        (key) => own ?? (isLoopback(key) ? Infinity : byDefault),
        () => this.refusals.count(name),
      );
    const { connections: byDefault } = perAddressDefaults;
    this.tcpConnections = occupancy('connections', connections, connectionsPerAddress, byDefault);
    this.httpExchanges = occupancy('connections', connections, connectionsPerAddress, byDefault);
    this.subscriptions = occupancy(
      'subscriptions',
      subscriptions,
      settings.subscriptionsPerAddress,
      perAddressDefaults.subscriptions,
    );
    this.historyReads = occupancy(
      'history_reads',
      historyReads,
      settings.historyReadsPerAddress,
      perAddressDefaults.historyReads,
    );
    this.bodies = new ByteBudget(settings.bodyMemory, () => this.refusals.count('body_memory'));
    this.#connects = new RateLimit(settings.connectsPerSecond ?? perAddressDefaults.connectsPerSecond, clock);
    this.#rates = (['events', 'bytes'] as const).flatMap((name) => {
      const perSecond = settings[`${name}PerSecond`];
      return perSecond === undefined ? [] : [{ name, perSecond, limit: new RateLimit(perSecond, clock) }];
    });
  }

  /** Whether one more connection of the address may begin now. */
  mayConnect(key: AddressKey): boolean {
    if (this.settings.connectsPerSecond === undefined && isLoopback(key)) return true;
    const isAllowed = this.#connects.waitMs(key) === 0;
    if (isAllowed) this.#connects.take(key);
    else this.refusals.count('connects');
    return isAllowed;
  }

  /** What a producer may send, by whatever it is told apart by; null when no rate is set. */
  allowance(key: string): Allowance | null {
    return this.#rates.length === 0 ? null : new Allowance(key, this.#rates, this.refusals);
  }

  /** For the frames of one WebSocket that publish nothing, pings among them: whether one more may come now. */
  frameGate(): () => boolean {
    const { framesPerSecond } = this.settings;
    const bucket = new TokenBucket(framesPerSecond, 2 * framesPerSecond, this.#clock());
    return () => {
      const now = this.#clock();
      const isAllowed = bucket.waitMs(now) === 0;
      if (isAllowed) bucket.take(1, now);
      else this.refusals.count('frames');
      return isAllowed;
    };
  }
}
