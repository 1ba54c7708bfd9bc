import type { EndReason, FrameFormat, Outlet, Subscription } from '../../src/pipeline/subscriptions.ts';

/** Topics as the server has them: a frame reaches every outlet that has joined. */
export class Topics {
  readonly #members = new Map<string, Set<ScriptedOutlet>>();

  readonly publish = (topic: string, frame: string): void => {
    for (const outlet of this.#members.get(topic) ?? []) outlet.send(frame);
  };

  join(topic: string, outlet: ScriptedOutlet): void {
    this.#members.set(topic, (this.#members.get(topic) ?? new Set()).add(outlet));
  }

  leave(topic: string, outlet: ScriptedOutlet): void {
    this.#members.get(topic)?.delete(outlet);
  }
}

/** A connection that holds every frame until its reader takes it. */
export class ScriptedOutlet implements Outlet {
  readonly format: FrameFormat;
  readonly remoteAddress = '192.0.2.1';
  readonly #topics: Topics;
  readonly #receive: (frame: string) => void;
  #frames: string[] = [];
  #held = 0;
  #subscription: Subscription | undefined;
  #isCut = false;
  endedAs: EndReason | null = null;

  constructor(format: FrameFormat, topics: Topics, receive: (frame: string) => void) {
    this.format = format;
    this.#topics = topics;
    this.#receive = receive;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** Whether the connection is no more, whoever ended it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** What ends with this connection, and is told when frames were taken. */
  attach(subscription: Subscription): void {
    this.#subscription = subscription;
  }

  send(frame: string): void {
    this.#frames.push(frame);
    this.#held += Buffer.byteLength(frame);
  }

  join(topic: string): void {
    this.#topics.join(topic, this);
  }

  leave(topic: string): void {
    this.#topics.leave(topic, this);
  }

  /** The reader takes at most so many of the frames that wait. */
  take(count = Infinity): void {
    const taken = this.#frames.splice(0, Math.min(count, this.#frames.length));
    for (const frame of taken) {
      this.#held -= Buffer.byteLength(frame);
      this.#receive(frame);
    }
    if (taken.length > 0) this.#subscription?.drained();
  }

  end(reason: EndReason): void {
    this.endedAs ??= reason;
    this.cut();
  }

  /** The connection breaks: what its reader has not taken is lost. */
  cut(): void {
    this.#isCut = true;
    this.#frames = [];
    this.#held = 0;
    this.#subscription?.close();
    this.#subscription = undefined;
  }
}
