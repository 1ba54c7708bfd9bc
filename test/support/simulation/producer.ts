import type { Channel, Link, SimulatedHub } from './hub.ts';

export interface Answered {
  readonly ok: boolean;
  readonly id?: string;
  readonly position?: number;
  readonly duplicate?: boolean;
  readonly code?: string;
}

export interface ProducerOptions {
  readonly channel: Channel;
  readonly ids: readonly string[];
  readonly random: () => number;
  /** Told of each answer, with the ids that were sent and not answered before it on this connection, oldest first. */
  readonly onAnswer: (answer: Answered, expectedId: string | undefined, lastPosition: number) => void;
}

/** On a connection. Requests over HTTP have no order among them, so that there one follows the other. */
const mostUnanswered = 12;

/** Sends each of its events until it is acknowledged, with the same id, over whatever hub there is. */
export class SimulatedProducer {
  readonly acknowledged = new Map<string, number>();
  readonly #options: ProducerOptions;
  #unsent: string[];
  #unanswered: string[] = [];
  #link: Link | null = null;
  #connection = 0;
  #lastPosition = 0;

  constructor(options: ProducerOptions) {
    this.#options = options;
    this.#unsent = [...options.ids];
  }

  get isDone(): boolean {
    return this.acknowledged.size === this.#options.ids.length;
  }

  /** What has no answer is sent again over the new connection, in the order of old. */
  connect(hub: SimulatedHub): void {
    const connection = ++this.#connection;
    this.#unsent = [...this.#unanswered, ...this.#unsent];
    this.#unanswered = [];
    this.#lastPosition = 0;
    this.#link = hub.connect(this.#options.channel, (verdict) => {
      if (connection === this.#connection) this.#hear(JSON.parse(verdict) as Answered);
    });
  }

  /** Sends some of what is left, unless much of it is unanswered. */
  step(): void {
    const most = this.#options.channel === 'http' ? 0 : mostUnanswered;
    if (this.#link === null || this.#unanswered.length > most) return;
    const ids = this.#unsent.splice(0, 1 + Math.floor(this.#options.random() * 5));
    if (ids.length === 0) return;
    this.#unanswered.push(...ids);
    this.#link.send(ids.map((id) => ({ id, source: 'simulated', message: `event ${id}` })));
  }

  #hear(answer: Answered): void {
    const expected = this.#unanswered.shift();
    this.#options.onAnswer(answer, expected, this.#lastPosition);
    if (expected === undefined) return;
    if (!answer.ok || answer.position === undefined) {
      this.#unsent.push(expected);
      return;
    }
    if (answer.duplicate !== true) this.#lastPosition = answer.position;
    this.acknowledged.set(expected, answer.position);
  }
}
