import type { Position } from '../../pipeline/event.ts';
import type { CountedStretch, PositionRange, Summary } from '../../pipeline/statistics.ts';
import type { BucketRange } from '../../pipeline/time-buckets.ts';
import { firstWindow, nextWindow } from './position-windows.ts';
import { isDamage } from './damage.ts';
import { openStatisticsFile, removeStatisticsFile } from './statistics-file.ts';
import { StatisticsHistogram } from './statistics-histogram.ts';
import { StatisticsLog } from './statistics-log.ts';
import { StatisticsRuns } from './statistics-runs.ts';
import { StatisticsSummary } from './statistics-summary.ts';
import { StatisticsWriter } from './statistics-writer.ts';

/** So much of the log is looked at for exact edges: about a quarter of a second. */
const defaultMaxEdge = 250_000;
/** Bounds what one window holds in memory, however many sources there are. */
const largestWindow = 65_536;

export interface ProjectionOptions {
  readonly dataDir: string;
  readonly epoch: string;
  /** Positions. */
  readonly maxEdge?: number;
}

/** The statistics of a log in a file beside it. The counts and the position that they reach are one transaction, so they
 *  are exact wherever it was stopped; a file that is found damaged is made anew, and the log counted from its beginning. */
export class StatisticsProjection {
  readonly #options: ProjectionOptions;
  readonly #log: StatisticsLog;
  #file: OpenFile;
  #window = firstWindow;

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#log = new StatisticsLog(options.dataDir);
    try {
      this.#file = this.#openFile();
    } catch (error) {
      this.#log.close();
      throw error;
    }
  }

  /** Everything up to this position is counted. */
  get checkpoint(): Position {
    return this.#file.writer.checkpoint;
  }

  get head(): Position {
    return this.#log.head;
  }

  /** Adds the stretch if it begins where the counts end. If not, or if it has no counts, it changes nothing: `catchUp` must. */
  add({ after, through, tally }: CountedStretch): void {
    if (tally === null || after !== this.checkpoint) return;
    this.#mending(({ writer }) => {
      writer.add(tally, through);
    });
  }

  /** Counts one window of the log after the checkpoint, not beyond `through`. Throws when the log does not reach that far: a
   *  checkpoint ahead of the log would leave out what comes next. */
  catchUp(through: Position): void {
    const startedAt = performance.now();
    if (through > this.head) throw new Error(`the log ends at ${String(this.head)}, before ${String(through)}`);
    this.#mending(({ writer }) => {
      const end = Math.min(through, writer.checkpoint + this.#window);
      const window = { after: writer.checkpoint, before: end + 1 };
      writer.add(this.#log.count([window]).tally, end);
    });
    this.#window = Math.min(largestWindow, nextWindow(this.#window, performance.now() - startedAt));
  }

  /** See `StatisticsIndex.forget`. */
  forget(through: Position): void {
    this.#mending(({ writer }) => {
      const { forgotten, checkpoint } = writer;
      if (through <= forgotten) return;
      // Someone else has removed what was counted: the file is made anew.
      if (this.#log.first - 1 > forgotten) this.#beginAnew();
      else
        writer.forget(
          this.#log.count([{ after: forgotten, before: Math.min(through, checkpoint) + 1 }]).tally,
          through,
        );
    });
  }

  /** Undefined, as the answers below, when the file turned out to be damaged: nothing is counted then. */
  summary(since: number, now: number): Summary | undefined {
    return this.#mending(({ summary, writer }) => ({ head: writer.checkpoint, ...summary.since(since, now) }));
  }

  histogram(range: BucketRange): number[] | null | undefined {
    return this.#mending(({ histogram }) => histogram.of(range));
  }

  positions(from: number, to: number): readonly PositionRange[] | undefined {
    return this.#mending(({ runs }) => runs.between(from, to));
  }

  close(): void {
    this.#file.close();
    this.#log.close();
  }

  /** Undefined when the file is damaged; then there is an empty one in its place. */
  #mending<T>(use: (file: OpenFile) => T): T | undefined {
    try {
      return use(this.#file);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#beginAnew();
      return undefined;
    }
  }

  #beginAnew(): void {
    this.#file.close();
    removeStatisticsFile(this.#options.dataDir);
    this.#file = this.#openFile();
  }

  #openFile(): OpenFile {
    const { dataDir, epoch, maxEdge = defaultMaxEdge } = this.#options;
    const db = openStatisticsFile(dataDir, { epoch, first: this.#log.first, head: this.#log.head });
    const runs = new StatisticsRuns(db);
    return {
      runs,
      writer: new StatisticsWriter(db),
      summary: new StatisticsSummary(db, runs, this.#log, maxEdge),
      histogram: new StatisticsHistogram(db, runs, this.#log, maxEdge),
      close: () => {
        db.close();
      },
    };
  }
}

interface OpenFile {
  readonly runs: StatisticsRuns;
  readonly writer: StatisticsWriter;
  readonly summary: StatisticsSummary;
  readonly histogram: StatisticsHistogram;
  close(): void;
}
