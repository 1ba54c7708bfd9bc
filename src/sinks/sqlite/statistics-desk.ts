import type { Position } from '../../pipeline/event.ts';
import type { StatisticsProjection } from './statistics-projection.ts';
import type {
  StatisticsAnswer,
  StatisticsChange,
  StatisticsQuestion,
  StatisticsRequest,
} from './statistics-protocol.ts';

/** A question waits so long for the log to be counted. */
const patienceMs = 2_000;

export type Counts = Pick<
  StatisticsProjection,
  'checkpoint' | 'head' | 'add' | 'forget' | 'catchUp' | 'summary' | 'histogram' | 'positions'
>;

export interface DeskOptions {
  /** The counts, opened again if that has failed before. May throw. */
  readonly counts: () => Counts;
  readonly post: (answer: StatisticsAnswer) => void;
  /** Calls back after what has arrived meanwhile was taken. */
  readonly later: (step: () => void) => void;
  readonly clock: () => number;
}

interface Waiting {
  readonly id: number;
  readonly question: StatisticsQuestion;
  readonly deadline: number;
}

/** Keeps the counts up with the log, a window of it at a time, and answers questions once what they ask about is counted. */
export class StatisticsDesk {
  readonly #options: DeskOptions;
  #target: Position = 0;
  #waiting: Waiting[] = [];
  #isStepDue = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Begins with what the log has and the counts lack. */
  start(): void {
    attempt(() => {
      this.#target = this.#options.counts().head;
    });
    this.#step();
  }

  take(id: number, request: StatisticsRequest): void {
    if (request.kind === 'add' || request.kind === 'forget') this.#change(id, request);
    else {
      this.#target = Math.max(this.#target, request.through);
      this.#waiting.push({ id, question: request, deadline: this.#options.clock() + patienceMs });
    }
    if (!this.#isStepDue) this.#step();
  }

  #change(id: number, change: StatisticsChange): void {
    const { through } = change.kind === 'add' ? change.stretch : change;
    this.#target = Math.max(this.#target, through);
    const error = attempt(() => {
      const counts = this.#options.counts();
      if (change.kind === 'add') counts.add(change.stretch);
      else counts.forget(through);
    });
    this.#options.post(error === null ? { id, kind: 'done', value: null } : { id, kind: 'failed', error });
  }

  #step(): void {
    this.#isStepDue = this.#advance();
    if (!this.#isStepDue) return;
    this.#options.later(() => {
      this.#step();
    });
  }

  /** Returns whether there is more to count. */
  #advance(): boolean {
    try {
      const counts = this.#options.counts();
      if (counts.checkpoint < this.#target) counts.catchUp(this.#target);
      this.#waiting = this.#waiting.filter((waiting) => !this.#isAnswered(waiting, counts));
      return counts.checkpoint < this.#target;
    } catch (error) {
      this.#giveUp((error as Error).message);
      return false;
    }
  }

  /** The next message tries again. */
  #giveUp(error: string): void {
    for (const { id } of this.#waiting.splice(0)) this.#options.post({ id, kind: 'failed', error });
    this.#target = 0;
  }

  #isAnswered({ id, question, deadline }: Waiting, counts: Counts): boolean {
    const { post, clock } = this.#options;
    if (counts.checkpoint < question.through) {
      if (clock() < deadline) return false;
      post({ id, kind: 'behind', reason: progress(counts.checkpoint, this.#target) });
      return true;
    }
    let value: unknown;
    const error = attempt(() => {
      value = answerTo(question, counts);
    });
    if (error !== null) post({ id, kind: 'failed', error });
    else if (value !== undefined) post({ id, kind: 'done', value });
    // Without a value the file was found damaged, and is being made anew.
    return error !== null || value !== undefined;
  }
}

function answerTo(question: StatisticsQuestion, counts: Counts): unknown {
  switch (question.kind) {
    case 'summary':
      return counts.summary(question.since, question.now);
    case 'histogram':
      return counts.histogram(question.range);
    case 'positions':
      return counts.positions(question.from, question.to);
  }
}

function progress(checkpoint: Position, target: Position): string {
  return `the log is being counted for the statistics, ${String(checkpoint)} of ${String(target)} records so far; try again soon`;
}

/** What went wrong, or null. */
function attempt(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
