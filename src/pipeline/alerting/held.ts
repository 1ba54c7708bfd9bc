import { severities, type Position, type RecordedEvent, type Severity } from '../event.ts';
import { withoutQuote } from '../redaction.ts';
import type { Span, Subject } from './decision.ts';

/** Positions that a decision lists by name; the span says it exactly for any number. */
const maxListed = 1_000;
/** Recent events that are kept apart, to tell what is left when a decision was about the earlier ones. */
const maxRecent = 16;
/** In characters: enough for a line in a mail. The event itself is in the log. */
const maxMessage = 500;

type Headline = Subject['headline'];

/** Events of one group that no decision has been made about yet. Its size does not grow with their number. */
export class Held {
  readonly #key: string;
  readonly #from: Position;
  #through: Position = 0;
  #count = 0;
  #bySeverity: Record<Severity, number> = { info: 0, warning: 0, error: 0, critical: 0 };
  /** The first of each severity, as far as is known. */
  readonly #first = new Map<Severity, Headline>();
  readonly #last = new Map<Severity, Headline>();
  #listed: Position[] = [];
  #recent: Headline[] = [];

  constructor(key: string, from: Position) {
    this.#key = key;
    this.#from = from;
  }

  get through(): Position {
    return this.#through;
  }

  get count(): number {
    return this.#count;
  }

  get bySeverity(): Readonly<Record<Severity, number>> {
    return this.#bySeverity;
  }

  /** The most severe one, and of those the first that is known; null when nothing is held. */
  get headline(): Headline | null {
    for (const severity of severities.toReversed()) {
      const event = this.#bySeverity[severity] > 0 ? this.#first.get(severity) : undefined;
      if (event !== undefined) return event;
    }
    return null;
  }

  get listed(): readonly Position[] {
    return this.#listed;
  }

  get span(): Span {
    return { key: this.#key, from: this.#from, through: this.#through, count: this.#count };
  }

  add({ position, source, severity, message }: RecordedEvent): void {
    this.#note({ position, source, severity, message: message.slice(0, maxMessage).toWellFormed() });
    this.#through = position;
    this.#count += 1;
    this.#bySeverity[severity] += 1;
  }

  /** What is left after a decision about everything up to its `through`, or null when nothing is: the events that were
   *  recorded while the decision was on its way into the log. */
  after(decided: Span, bySeverity: Readonly<Record<Severity, number>>): Held | null {
    if (this.#from > decided.through) return this;
    const left = this.#count - decided.count;
    if (left <= 0 || this.#through <= decided.through) return null;
    const rest = new Held(this.#key, decided.through + 1);
    rest.#listed = this.#listed.filter((position) => position > decided.through);
    for (const event of this.#recent) if (event.position > decided.through) rest.#note(event);
    // Where the first one left is no longer known, the last one is: some are left, so it is among them.
    for (const [severity, event] of this.#last) {
      if (event.position <= decided.through) continue;
      rest.#last.set(severity, event);
      if (!rest.#first.has(severity)) rest.#first.set(severity, event);
    }
    rest.#through = this.#through;
    rest.#count = left;
    for (const severity of severities) rest.#bySeverity[severity] = this.#bySeverity[severity] - bySeverity[severity];
    return rest;
  }

  /** Forgets what the event at this position says. Returns whether something of it was kept. */
  redact(at: Position): boolean {
    const kept = [...this.#first.values(), ...this.#last.values(), ...this.#recent];
    for (const events of [this.#first, this.#last]) {
      for (const [severity, event] of events) events.set(severity, withoutQuote(event, at));
    }
    this.#recent = this.#recent.map((event) => withoutQuote(event, at));
    return kept.some(({ position }) => position === at);
  }

  #note(event: Headline): void {
    if (!this.#first.has(event.severity)) this.#first.set(event.severity, event);
    this.#last.set(event.severity, event);
    if (this.#listed.length < maxListed && (this.#listed.at(-1) ?? 0) < event.position) {
      this.#listed.push(event.position);
    }
    this.#recent.push(event);
    if (this.#recent.length > maxRecent) this.#recent.shift();
  }

  toJson(): HeldJson {
    return {
      span: this.span,
      bySeverity: this.#bySeverity,
      first: [...this.#first.values()],
      last: [...this.#last.values()],
      listed: this.#listed,
      recent: this.#recent,
    };
  }

  static fromJson(json: HeldJson): Held {
    const held = new Held(json.span.key, json.span.from);
    held.#through = json.span.through;
    held.#count = json.span.count;
    held.#bySeverity = { ...json.bySeverity };
    for (const event of json.first) held.#first.set(event.severity, event);
    for (const event of json.last) held.#last.set(event.severity, event);
    held.#listed = [...json.listed];
    held.#recent = [...json.recent];
    return held;
  }
}

export interface HeldJson {
  readonly span: Span;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly first: readonly Headline[];
  readonly last: readonly Headline[];
  readonly listed: readonly Position[];
  readonly recent: readonly Headline[];
}

/** Higher is more severe. */
export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
