import Database from 'better-sqlite3';
import fs from 'node:fs';
import { asDamage, isDamage } from './damage.ts';
import { lockDirectory } from './directory-lock.ts';
import { filesOf, logFileOf, openForWriting, reopenForWriting } from './log-file.ts';
import type { AppendMessage, DiskSpace, KnownLog, WriterAnswer, WriterMessage } from './log-protocol.ts';
import { findRecentDamage } from './log-walk.ts';
import { AppendError, isFull } from './append-error.ts';
import { LogWriter } from './log-writer.ts';
import { finishRestore } from './restored-file.ts';
import { walBytesOf } from './wal-size.ts';

/** Between two looks at the disk, which cost more than a small commit can spare. */
const lookMs = 100;

type Opened = Extract<WriterAnswer, { kind: 'opened' }>;

/** The writer's side of the log, through everything that goes wrong: after a failure the file is opened again before the
 *  next message, and only if it is still the log that was acknowledged from. Holds the directory's lock. */
export class LogSession {
  readonly #dataDir: string;
  #unlock: (() => void) | null = null;
  #writer: LogWriter | null = null;
  #known: KnownLog | null;
  #files = '';
  #disk: DiskSpace = { free: 0, total: 0, wal: 0, checkpointsBusy: 0 };
  /** Of the writers before. */
  #checkpointsBusy = 0;
  #lookedAt = -Infinity;
  /** Whether the names have come to stand for other files, or none. Other connections have the old ones open still. */
  #areFilesGone = false;
  /** Whether a sync has failed since the file was last known to be on the disk. */
  #isInDoubt: boolean;

  /** `known` when a session before, in another thread, ended in whatever way. */
  constructor(dataDir: string, known: KnownLog | null = null) {
    this.#dataDir = dataDir;
    this.#known = known;
    this.#isInDoubt = known !== null;
  }

  /** Opens the log for the first time, creating it if there is none. */
  open(): Opened {
    fs.mkdirSync(this.#dataDir, { recursive: true, mode: 0o700 });
    this.#unlock = lockDirectory(this.#dataDir);
    finishRestore(this.#dataDir);
    const db = openForWriting(this.#dataDir);
    const writer = this.#take(new LogWriter(db));
    const { epoch, head, first, lastReceivedAt } = writer;
    this.#known = { epoch, head };
    const damage = findRecentDamage(db);
    return { kind: 'opened', epoch, head, first, lastReceivedAt, damage: damage?.message ?? null, disk: this.#look() };
  }

  /** Reads some of the newest ids, in good time for the first append, and returns whether there are more. Never throws: what
   *  is wrong with them is the answer to the next probe. */
  readSomeIds(): boolean {
    try {
      return this.#writer?.readSomeIds() ?? false;
    } catch {
      return false;
    }
  }

  /** Never throws. */
  answer(message: Exclude<WriterMessage, { kind: 'close' }>): WriterAnswer {
    try {
      return this.#answer(message, this.#writer ?? this.#openAgain());
    } catch (error) {
      this.#closeWriter();
      this.#isInDoubt ||= leavesDoubt(error);
      if (isDamage(error)) {
        return { kind: 'damaged', error: asDamage(error, null).message };
      }
      if (error instanceof AppendError) {
        return { kind: 'failed', code: error.code, error: error.message, verdicts: error.verdicts };
      }
      const code = isFull(error) ? 'storage_full' : 'unavailable';
      return { kind: 'failed', code, error: `the log cannot be written: ${(error as Error).message}` };
    }
  }

  close(): void {
    this.#closeWriter();
    this.#unlock?.();
  }

  #answer(message: Exclude<WriterMessage, { kind: 'close' }>, writer: LogWriter): WriterAnswer {
    if (message.kind === 'append') return this.#append(message, writer);
    if (message.kind !== 'probe') return answerTo(message, writer);
    if (this.#loseFiles(writer)) throw new Error(filesGone);
    writer.readAllIds();
    return { kind: 'probed', head: writer.head, disk: this.#look() };
  }

  #append({ fields, receivedAt }: AppendMessage, writer: LogWriter): WriterAnswer {
    const verdicts = writer.append(fields, receivedAt);
    // A commit into a file that no name leads to is lost with the process.
    if (this.#loseFiles(writer)) throw new AppendError('in_doubt', filesGone, undefined, verdicts);
    this.#known = { epoch: writer.epoch, head: writer.head };
    return { kind: 'appended', verdicts, head: writer.head, disk: this.#look() };
  }

  /** Throws when the file cannot be written yet, or is not the log that it was. */
  #openAgain(): LogWriter {
    if (this.#areFilesGone && filesOf(this.#dataDir) !== this.#files) throw new Error(filesGone);
    this.#unlock ??= lockDirectory(this.#dataDir);
    const writer = this.#take(new LogWriter(reopenForWriting(this.#dataDir, this.#isInDoubt)));
    const { epoch, head } = this.#known ?? writer;
    if (writer.epoch !== epoch) throw new Error(`another log, ${writer.epoch}, has taken the place of ${epoch}`);
    if (writer.head < head) {
      throw new Error(`it ends at ${String(writer.head)}, though events up to ${String(head)} were acknowledged`);
    }
    this.#isInDoubt = false;
    this.#areFilesGone = false;
    return writer;
  }

  /** Looks whether the files are still there. If not, and it is the WAL alone, what it held is brought into the database,
   *  where the next start finds it. */
  #loseFiles(writer: LogWriter): boolean {
    if (filesOf(this.#dataDir) === this.#files) return false;
    this.#areFilesGone = true;
    try {
      writer.checkpoint();
    } catch {
      // Then it cannot be saved.
    }
    return true;
  }

  #take(writer: LogWriter): LogWriter {
    this.#writer = writer;
    this.#files = filesOf(this.#dataDir);
    return writer;
  }

  #closeWriter(): void {
    this.#checkpointsBusy += this.#writer?.checkpointsBusy ?? 0;
    try {
      this.#writer?.close();
    } catch {
      // What could not be closed in order was never relied upon.
    }
    this.#writer = null;
  }

  /** Never throws: where it cannot be known, it is as it was. */
  #look(): DiskSpace {
    if (performance.now() - this.#lookedAt < lookMs) return this.#disk;
    this.#lookedAt = performance.now();
    try {
      const { bavail, blocks, bsize } = fs.statfsSync(this.#dataDir);
      const wal = walBytesOf(logFileOf(this.#dataDir));
      const checkpointsBusy = this.#checkpointsBusy + (this.#writer?.checkpointsBusy ?? 0);
      this.#disk = { free: bavail * bsize, total: blocks * bsize, wal, checkpointsBusy };
    } catch {
      // The next commit meets what was wrong here.
    }
    return this.#disk;
  }
}

const filesGone =
  'the files of the log were moved, deleted or replaced beneath the hub; put them back as they were, or restart the hub';

/** Answers what neither adds records nor looks at the disk. */
function answerTo(
  message: Exclude<WriterMessage, { kind: 'append' | 'probe' | 'close' }>,
  writer: LogWriter,
): WriterAnswer {
  switch (message.kind) {
    case 'save':
      writer.saveCheckpoint(message.consumer, message.state);
      return { kind: 'saved' };
    case 'load':
      return { kind: 'loaded', state: writer.loadCheckpoint(message.consumer) };
    case 'erase':
      return { kind: 'erased', isDone: writer.eraseLeftovers() };
    case 'remove':
      return { kind: 'removed', through: writer.removeThrough(message.through, message.keep) };
    case 'keep_only':
      return { kind: 'kept', count: writer.keepOnly(message.positions) };
    case 'give_back':
      return { kind: 'gave_back', isMore: writer.giveBackSpace() };
  }
}

function leavesDoubt(error: unknown): boolean {
  const cause = error instanceof AppendError ? (error.cause ?? error) : error;
  if (error instanceof AppendError && error.code === 'in_doubt') return true;
  return cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_IOERR');
}
