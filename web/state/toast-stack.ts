import type { Position, RecordedEvent } from '../../src/pipeline/event.ts';

export type ToastSeverity = 'error' | 'critical';

/** One thing that the reader is told of: an event, further ones of its key, or, under a flood, all of one severity. */
export interface Toast {
  readonly id: number;
  readonly severity: ToastSeverity;
  readonly count: number;
  /** How many sources they came from; at `maxSources` it may be more. */
  readonly sources: number;
  /** Stands for many keys. */
  readonly isGroup: boolean;
  /** The last event of it. */
  readonly position: Position;
  readonly source: string;
  readonly message: string;
  /** When that came, in milliseconds since 1970. */
  readonly at: number;
}

interface Entry extends Omit<Toast, 'sources'> {
  readonly key: string;
  readonly sourceNames: ReadonlySet<string>;
  /** Whether the list would not show it, wherever it is scrolled to. */
  readonly isElsewhere: boolean;
  readonly leavesAt: number;
}

/** More would hide what they are about. */
const most = 3;
export const maxSources = 99;
const maxMessageLength = 300;
/** Time to read a line and to reach for it. */
const staysMs = { error: 8_000, critical: 600_000 } as const;
/** After the pointer or the focus has left. */
const lingersMs = 3_000;

/** Which toasts there are. An event joins the toast of its key, or the group of its severity when there is one; a fourth
 *  toast folds those of the commoner severity into a group. So there are never more than three, however many events come. */
export class ToastStack {
  #entries: readonly Entry[] = [];
  #lastId = 0;

  /** Oldest first. */
  get toasts(): readonly Toast[] {
    return this.#entries.map(({ sourceNames, ...entry }) => ({ ...entry, sources: sourceNames.size }));
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Takes an event at a time in milliseconds; what is no trouble is passed over. */
  add(event: RecordedEvent, isElsewhere: boolean, now: number): void {
    const { severity } = event;
    if (severity !== 'error' && severity !== 'critical') return;
    const found = this.#entries.find(
      (entry) => entry.severity === severity && (entry.isGroup || entry.key === event.key),
    );
    const fresh = this.#entryOf(event, severity, isElsewhere, now);
    if (found !== undefined) {
      this.#entries = this.#entries.map((entry) => (entry === found ? { ...join(found, fresh), id: found.id } : entry));
      return;
    }
    if (this.#entries.length >= most) {
      const folded = this.#commonest(severity);
      this.#fold(folded);
      if (folded === severity) {
        this.add(event, isElsewhere, now);
        return;
      }
    }
    this.#entries = [...this.#entries, fresh];
  }

  dismiss(id: number): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  /** The list is at its newest again: what it shows need not be told any more. */
  dropSeen(): void {
    this.#entries = this.#entries.filter((entry) => entry.isElsewhere);
  }

  /** Lets those go whose time is up; none while `isHeld`, because someone reads them or nobody can. */
  expire(now: number, isHeld: boolean): void {
    if (!isHeld) this.#entries = this.#entries.filter((entry) => entry.leavesAt > now);
    else
      this.#entries = this.#entries.map((entry) => ({ ...entry, leavesAt: Math.max(entry.leavesAt, now + lingersMs) }));
  }

  #entryOf(event: RecordedEvent, severity: ToastSeverity, isElsewhere: boolean, now: number): Entry {
    const { position, source, key } = event;
    return {
      id: (this.#lastId += 1),
      severity,
      key,
      count: 1,
      isGroup: false,
      position,
      source,
      sourceNames: new Set([source]),
      message: event.message.slice(0, maxMessageLength),
      at: now,
      isElsewhere,
      leavesAt: now + staysMs[severity],
    };
  }

  /** The severity with more toasts; of two with as many the one that is given. */
  #commonest(given: ToastSeverity): ToastSeverity {
    const errors = this.#entries.filter(({ severity }) => severity === 'error').length;
    const criticals = this.#entries.length - errors;
    if (errors === criticals) return given;
    return errors > criticals ? 'error' : 'critical';
  }

  /** Puts all of one severity into one, in the place of the oldest. */
  #fold(severity: ToastSeverity): void {
    const [first, ...others] = this.#entries.filter((entry) => entry.severity === severity);
    if (first === undefined) return;
    const group: Entry = { ...others.reduce(join, first), id: first.id, isGroup: true };
    this.#entries = this.#entries.flatMap((entry) => {
      if (entry === first) return [group];
      return entry.severity === severity ? [] : [entry];
    });
  }
}

/** Both as one, of which the later event is told. */
function join(one: Entry, other: Entry): Entry {
  const names = new Set(one.sourceNames);
  for (const name of other.sourceNames) if (names.size < maxSources) names.add(name);
  return {
    ...other,
    count: one.count + other.count,
    isGroup: one.isGroup || other.isGroup,
    isElsewhere: one.isElsewhere || other.isElsewhere,
    sourceNames: names,
  };
}
