import type { Readable } from 'node:stream';
import { Delivery } from './delivery.ts';
import { defaultsOf, draftOfLine, type DraftDefaults } from './draft-defaults.ts';
import { readLines, type InputLine } from './input-lines.ts';
import { counted, perSecond } from './numbers.ts';
import { Output } from './output.ts';
import { plainJson, plainText } from './plain-text.ts';
import { Progress } from './progress.ts';
import type { TargetOptions } from './target.ts';

export interface SendOptions extends TargetOptions, DraftDefaults {
  readonly id?: string;
  readonly json?: true;
  readonly giveUpAfter?: number;
}

/** Sends every line of the input as an event, holding a bounded number of them, and tells on standard error how far it
 *  has come and which lines were refused. Resolves with the exit code. */
export async function sendLines(
  input: Readable,
  options: SendOptions & { readonly giveUpAfter: number },
): Promise<number> {
  return await new LineSender(input, options).run();
}

class LineSender {
  readonly #input: Readable;
  readonly #options: SendOptions & { readonly giveUpAfter: number };
  readonly #startedAt = performance.now();
  readonly #output = new Output(process.stdout, () => undefined);
  readonly #progress = new Progress(process.stderr, () => this.#inWords());
  #delivery: Delivery | null = null;
  /** Lines that were refused here already. */
  #faults = 0;

  constructor(input: Readable, options: SendOptions & { readonly giveUpAfter: number }) {
    this.#input = input;
    this.#options = options;
  }

  async run(): Promise<number> {
    const delivery = await Delivery.open({
      target: { ...this.#options, env: process.env },
      giveUpAfterMs: this.#options.giveUpAfter,
      onVerdict: (verdict, line) => {
        if (this.#options.json === true) this.#output.line(plainJson({ line, ...verdict }));
        else if (!verdict.ok) this.#note(`line ${line}: ${verdict.code}: ${verdict.error}`);
      },
      noun: 'line',
      note: (line) => this.#note(line),
      onOver: () => this.#input.destroy(),
    });
    this.#delivery = delivery;
    process.once('SIGINT', () => delivery.stop('interrupted'));
    this.#begin();
    await this.#sendAll(delivery);
    const failure = await delivery.finish();
    this.#progress.stop();
    for (const line of [...failure, this.#inWords()]) this.#note(line);
    return failure.length === 0 && this.#rejected === 0 ? 0 : 1;
  }

  #begin(): void {
    const isTyped = (this.#input as { isTTY?: boolean }).isTTY === true;
    const isShared = this.#options.json === true && process.stdout.isTTY;
    if (isTyped) this.#note('every line is an event; end with Ctrl-D');
    // A line that changes in place would be in the way of what is typed, or printed.
    else if (!isShared) this.#progress.start();
  }

  async #sendAll(delivery: Delivery): Promise<void> {
    try {
      for await (const lines of readLines(this.#input)) {
        for (const line of lines) await this.#send(delivery, line);
      }
    } catch (error) {
      // The input is cut off when the delivery is over.
      if (!delivery.isOver) throw error;
    }
  }

  async #send(delivery: Delivery, line: InputLine): Promise<void> {
    if ('text' in line) {
      await delivery.send(draftOfLine(line.text, defaultsOf(this.#options)), line.number);
    } else {
      this.#faults += 1;
      if (this.#options.json === true) this.#output.line(plainJson({ line: line.number, ok: false, ...line.fault }));
      else this.#note(`line ${line.number}: ${line.fault.code}: ${line.fault.error}`);
    }
    await this.#output.ready();
  }

  get #rejected(): number {
    return this.#faults + (this.#delivery?.tally.rejected ?? 0);
  }

  #inWords(): string {
    const { sent = 0, acknowledged = 0, duplicates = 0 } = this.#delivery?.tally ?? {};
    const before = duplicates === 0 ? '' : ` (${duplicates.toLocaleString('en-US')} of them before)`;
    const outage = this.#delivery?.outage === undefined ? '' : `; waiting: ${plainText(this.#delivery.outage)}`;
    const rate = perSecond(acknowledged, performance.now() - this.#startedAt);
    return (
      `${counted(sent, 'event')} sent, ${acknowledged.toLocaleString('en-US')} acknowledged${before}, ` +
      `${this.#rejected.toLocaleString('en-US')} rejected, ${rate}${outage}`
    );
  }

  #note(line: string): void {
    this.#progress.note(plainText(line));
  }
}
