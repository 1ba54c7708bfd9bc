import { isLoopback, type AddressKey } from './address.ts';
import { Allowance, type Rate } from './allowance.ts';
import { AnswerMemory } from './answer-memory.ts';
import { ByteBudget } from './byte-budget.ts';
import { Occupancy, type OccupancyOptions } from './occupancy.ts';
import { RateLimit } from './rate-limit.ts';
import { Refusals } from './refusals.ts';
import { perAddressDefaults, type LimitSettings } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';
import { TokenConnections } from './token-connections.ts';
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
  readonly tokenConnections: TokenConnections;
  /** Requests under way, streams and WebSockets; connections that rest between requests are not in it. */
  readonly httpExchanges: Occupancy;
  readonly subscriptions: Occupancy;
  readonly historyReads: Occupancy;
  /** Bodies of lines under way, where a rate is set: each is let in as a whole by its beginning. */
  readonly linePosts = new Occupancy({
    total: Infinity,
    perAddress: () => 1,
    perToken: 1,
    refused: (whose) => {
      this.refusals.count(whose === 'token' ? 'token_events' : 'events');
    },
  });
  /** Bytes of request bodies that are still arriving. */
  readonly bodies: ByteBudget;
  /** Bytes of answers over HTTP that have not been taken yet. */
  readonly answers: AnswerMemory;
  readonly #clock: () => number;
  readonly #connects: RateLimit;
  readonly #rates: readonly Rate[];

  constructor({ settings, trustedProxies, clock = () => performance.now() }: LimitsOptions) {
    this.settings = settings;
    this.proxies = new TrustedProxies(trustedProxies);
    this.#clock = clock;
    const { connections, connectionsPerAddress, subscriptions, historyReads } = settings;
    const connectionPlaces = {
      total: connections,
      perAddress: perAddress(connectionsPerAddress, perAddressDefaults.connections),
      refused: () => {
        this.refusals.count('connections');
      },
    };
    this.tcpConnections = new Occupancy(connectionPlaces);
    this.httpExchanges = new Occupancy(connectionPlaces);
    this.tokenConnections = new TokenConnections(settings, this.refusals, clock);
    this.subscriptions = new Occupancy({
      total: subscriptions,
      perAddress: perAddress(settings.subscriptionsPerAddress, perAddressDefaults.subscriptions),
      ...this.#perToken(settings.subscriptionsPerToken, 'subscriptions'),
    });
    this.historyReads = new Occupancy({
      total: historyReads,
      perAddress: perAddress(settings.historyReadsPerAddress, perAddressDefaults.historyReads),
      ...this.#perToken(settings.historyReadsPerToken, 'history_reads'),
    });
    this.bodies = new ByteBudget(settings.bodyMemory, () => this.refusals.count('body_memory'));
    this.answers = new AnswerMemory(settings.answerMemory, () => this.refusals.count('answer_memory'));
    this.#connects = new RateLimit(settings.connectsPerSecond ?? perAddressDefaults.connectsPerSecond, clock);
    this.#rates = (['events', 'bytes'] as const).flatMap((what) => {
      const perSecond = settings[`${what}PerSecond`];
      if (perSecond === undefined) return [];
      const rateOf = (whose: 'address' | 'token') => ({
        what,
        whose,
        perSecond,
        limit: new RateLimit(perSecond, clock),
      });
      return [rateOf('address'), rateOf('token')];
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

  /** What a producer may send from this address and with this token, of which it is the id; null when no rate is set. */
  allowance(address: AddressKey, token: string | null): Allowance | null {
    if (this.#rates.length === 0) return null;
    const keys = { address, token };
    const shares = this.#rates.flatMap((rate) => {
      const key = keys[rate.whose];
      return key === null ? [] : [{ rate, key }];
    });
    return new Allowance(shares, this.refusals);
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

  #perToken(
    perToken: number = Infinity,
    name: 'subscriptions' | 'history_reads',
  ): Pick<OccupancyOptions, 'perToken' | 'refused'> {
    return {
      perToken,
      refused: (whose) => {
        this.refusals.count(whose === 'token' ? `token_${name}` : name);
      },
    };
  }
}

/** What is set, or else a default that leaves out this machine's own programs. */
function perAddress(own: number | undefined, byDefault: number): OccupancyOptions['perAddress'] {
  return (key) => own ?? (isLoopback(key) ? Infinity : byDefault);
}
