import { Observable, tap } from 'rxjs';
import type { Sink } from '../../pipeline/component.ts';
import type { Position } from '../../pipeline/event.ts';
import type { EventLog } from '../../pipeline/event-log.ts';
import { filterKey } from '../../pipeline/filter.ts';
import type { LogRecord } from '../../pipeline/record.ts';
import type {
  FrameFormat,
  Outlet,
  PublishToTopic,
  SubscriberStatus,
  SubscribeRequest,
  Subscription,
  Subscriptions,
} from '../../pipeline/subscriptions.ts';
import { createFrames, type Frames } from './frames.ts';
import { Group } from './group.ts';
import { HeldMemory } from './held-memory.ts';
import { Subscriber } from './subscriber.ts';

export interface BroadcastOptions {
  readonly log: EventLog;
  readonly publish: PublishToTopic;
  /** Bytes of all subscribers' frames that may wait in the hub. */
  readonly maxMemory: number;
  readonly reportFailure: (error: unknown) => void;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock?: () => number;
}

/** A cursor is told within 5 s that the head has moved; half of that, since a frame may just have been missed. */
const checkpointMs = 2_500;
/** Below the idle limits of common proxies. */
const heartbeatMs = 15_000;

/** Gives every subscriber what was recorded: history from the log, live batches through topics. */
export class Broadcast implements Subscriptions {
  readonly #options: BroadcastOptions;
  readonly #frames: Readonly<Record<FrameFormat, Frames>>;
  readonly #memory: HeldMemory;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<Subscriber, Group>();
  readonly #subscribers = new Set<Subscriber>();
  #published: Position;
  #topics = 0;
  #opened = 0;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.#frames = createFrames(options.log.epoch);
    this.#memory = new HeldMemory(options.maxMemory, options.clock ?? (() => performance.now()));
    this.#published = options.log.head;
  }

  get published(): Position {
    return this.#published;
  }

  get count(): number {
    return this.#subscribers.size;
  }

  list(): readonly SubscriberStatus[] {
    return [...this.#subscribers].map((member) => member.status);
  }

  /** The sink: publishes while attached, and ends every subscriber's connection when the log is at its end. */
  readonly sink: Sink = (recorded$) =>
    new Observable<readonly LogRecord[]>((subscriber) => {
      const timers = [
        setInterval(() => {
          this.#tellPositions();
        }, checkpointMs),
        setInterval(() => {
          for (const member of this.#subscribers) member.heartbeat();
        }, heartbeatMs),
      ];
      const subscription = recorded$
        .pipe(
          tap((batch) => {
            this.#deliver(batch);
          }),
        )
        .subscribe(subscriber);
      return () => {
        timers.forEach(clearInterval);
        subscription.unsubscribe();
        // Not in this turn: the answers to the last batch are still on their way to the same connections.
        setImmediate(() => {
          for (const member of [...this.#subscribers]) member.cutOff();
        });
      };
    });

  open(request: SubscribeRequest, outlet: Outlet): Subscription {
    const frames = this.#frames[outlet.format];
    const startedAt = (this.#options.wallClock ?? Date.now)();
    const subscriber = new Subscriber(
      { id: ++this.#opened, startedAt, request, outlet },
      {
        log: this.#options.log,
        frames,
        memory: this.#memory,
        published: () => this.#published,
        goLive: (member) => {
          this.#groupFor(member, frames).add(member);
        },
        leave: (member) => {
          this.#leave(member);
        },
        closed: (member) => {
          this.#subscribers.delete(member);
        },
        failing: (member, error) => {
          this.#report(member, error);
        },
      },
    );
    this.#subscribers.add(subscriber);
    subscriber.start();
    return subscriber;
  }

  /** What keeps many from reading is one failure. */
  #report(member: Subscriber, error: unknown): void {
    const isKnown = [...this.#subscribers].some((other) => other !== member && other.failure === member.failure);
    if (!isKnown) this.#options.reportFailure(error);
  }

  #deliver(batch: readonly LogRecord[]): void {
    const next = batch[0]?.value.position ?? 0;
    const fallen = next > this.#published + 1 ? this.#leaveAll() : this.#publish(batch);
    this.#published = batch.at(-1)?.value.position ?? this.#published;
    // Only now: before, they would have been up to date and joined again.
    for (const member of fallen) member.proceed();
  }

  /** Returns the members that fell behind. */
  #publish(batch: readonly LogRecord[]): readonly Subscriber[] {
    return [...this.#groups.values()].flatMap((group) => group.publish(batch, this.#published, this.#options.publish));
  }

  /** The log holds more than was ever told, since a commit that was in doubt had come through: everyone reads on there. */
  #leaveAll(): readonly Subscriber[] {
    const members = [...this.#groupOf.keys()];
    for (const member of members) member.fallBehind(this.#published);
    return members;
  }

  #tellPositions(): void {
    for (const member of this.#subscribers) member.tellPosition(this.#groupOf.get(member)?.lastInFrame ?? 0);
    this.#memory.evictStalled();
  }

  #groupFor(member: Subscriber, frames: Frames): Group {
    const key = `${member.outlet.format} ${filterKey(member.request.filter)}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      this.#topics += 1;
      const topic = `${key.slice(0, key.indexOf(' '))}/${String(this.#topics)}`;
      group = new Group(topic, member.request.filter, frames, this.#memory);
      this.#groups.set(key, group);
    }
    this.#groupOf.set(member, group);
    return group;
  }

  #leave(member: Subscriber): void {
    const group = this.#groupOf.get(member);
    if (group === undefined) return;
    this.#groupOf.delete(member);
    group.remove(member);
    if (!group.isEmpty) return;
    for (const [key, known] of this.#groups) if (known === group) this.#groups.delete(key);
  }
}
