import type { Readable } from 'node:stream';
import type { Verdict } from '../client/verdict.ts';
import { placeOfLog } from './data-dir.ts';
import { Delivery } from './delivery.ts';
import type { HubOptions } from './hub-options.ts';
import { readImportLine } from './import-line.ts';
import { readLines, type InputLine } from './input-lines.ts';
import { LogDelivery } from './log-delivery.ts';
import { counted, perSecond } from './numbers.ts';
import { plainJson, plainText } from './plain-text.ts';
import { Progress } from './progress.ts';

export interface ImportOptions extends HubOptions {
  readonly json?: true;
}

/** A recorded event may be longer than its draft was, and escapes make it longer still. */
const maxLineBytes = 1_048_576;
/** A hub that is sent to may be restarted meanwhile, or its disk cleared. */
const giveUpAfterMs = 3_600_000;

/** Records every event of the input, holding a bounded number of them, and tells on standard error how far it has come and
 *  which lines were refused. Resolves with the exit code. */
export async function importLines(input: Readable, options: ImportOptions): Promise<number> {
  return await new ImportRun(input, options).run();
}

type Target = Pick<Delivery, 'send' | 'finish' | 'stop' | 'tally' | 'isOver' | 'outage'>;

class ImportRun {
  readonly #input: Readable;
  readonly #options: ImportOptions;
  readonly #startedAt = performance.now();
  readonly #progress = new Progress(process.stderr, () => this.#inWords());
  #target: Target | null = null;
  #lines = 0;
  #faults = 0;
  #decisions = 0;

  constructor(input: Readable, options: ImportOptions) {
    this.#input = input;
    this.#options = options;
  }

  async run(): Promise<number> {
    const target = await this.#open();
    this.#target = target;
    process.once('SIGINT', () => {
      target.stop('interrupted; import it again, and what is recorded is passed over');
      this.#input.destroy();
    });
    this.#progress.start();
    let failure: readonly string[];
    try {
      await this.#sendAll(target);
    } finally {
      failure = await target.finish();
      this.#progress.stop();
    }
    for (const line of failure) this.#note(line);
    const isDone = failure.length === 0 && this.#rejected === 0;
    process.stdout.write(`${this.#options.json === true ? plainJson(this.#result(isDone)) : this.#inWords()}\n`);
    return isDone ? 0 : 1;
  }

  async #open(): Promise<Target> {
    const onVerdict = (verdict: Verdict, line: number): void => {
      if (!verdict.ok) this.#note(`line ${line}: ${verdict.code}: ${verdict.error}`);
    };
    const place = await placeOfLog(this.#options);
    if ('dataDir' in place) {
      const { openSqliteLog } = await import('../sinks/sqlite/sqlite-log.ts');
      return new LogDelivery(await openSqliteLog({ dataDir: place.dataDir, readers: 1 }), onVerdict);
    }
    const target = { ...this.#options, http: place.hub().http, path: '/api/import', env: process.env };
    const note = (line: string): void => this.#note(line);
    const onOver = (): void => void this.#input.destroy();
    return Delivery.open({ target, giveUpAfterMs, onVerdict, noun: 'line', note, onOver });
  }

  async #sendAll(target: Target): Promise<void> {
    try {
      for await (const lines of readLines(this.#input, maxLineBytes)) {
        for (const line of lines) await this.#send(target, line);
        if (target.isOver) return;
      }
    } catch (error) {
      // The input is cut off when the delivery is over.
      if (!target.isOver) throw error;
    }
  }

  async #send(target: Target, line: InputLine): Promise<void> {
    this.#lines += 1;
    const read = 'text' in line ? readImportLine(line.text) : { kind: 'fault' as const, ...line.fault };
    if (read.kind === 'draft') await target.send(read.draft, line.number);
    else if (read.kind === 'decision') this.#decisions += 1;
    else {
      this.#faults += 1;
      this.#note(`line ${line.number}: ${read.code}: ${read.error}`);
    }
  }

  get #rejected(): number {
    return this.#faults + (this.#target?.tally.rejected ?? 0);
  }

  #result(ok: boolean): object {
    const { acknowledged = 0, duplicates = 0 } = this.#target?.tally ?? {};
    const [lines, rejected, decisions] = [this.#lines, this.#rejected, this.#decisions];
    return { ok, lines, recorded: acknowledged - duplicates, duplicates, rejected, decisions };
  }

  #inWords(): string {
    const { acknowledged = 0, duplicates = 0 } = this.#target?.tally ?? {};
    const outage = this.#target?.outage === undefined ? '' : `; waiting: ${this.#target.outage}`;
    const decisions = this.#decisions === 0 ? '' : `, ${counted(this.#decisions, 'decision')} passed over`;
    const rate = perSecond(acknowledged, performance.now() - this.#startedAt);
    return plainText(
      `${counted(this.#lines, 'line')} read, ${counted(acknowledged - duplicates, 'event')} recorded, ` +
        `${duplicates.toLocaleString('en-US')} there before, ${this.#rejected.toLocaleString('en-US')} rejected` +
        `${decisions}, ${rate}${outage}`,
    );
  }

  #note(line: string): void {
    this.#progress.note(plainText(line));
  }
}
