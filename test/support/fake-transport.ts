import type { Pending } from '../../src/client/pending-queue.ts';
import type { Carrier, CarrierListener, Transport } from '../../src/client/publisher.ts';

/** One connection of a {@link FakeTransport}: a test plays the hub's part. */
export class FakeCarrier implements Carrier {
  readonly listener: CarrierListener;
  /** Every run that was sent, in order. */
  readonly runs: (readonly Pending[])[] = [];
  isEnded = false;

  constructor(listener: CarrierListener) {
    this.listener = listener;
  }

  get sent(): readonly Pending[] {
    return this.runs.flat();
  }

  send(run: readonly Pending[]): void {
    this.runs.push(run);
  }

  end(): void {
    this.isEnded = true;
  }

  /** Accepts the drafts from the `from`th sent on, as the hub would. */
  accept(from = 0, to?: number): void {
    for (const pending of this.sent.slice(from, to)) {
      this.listener.answer(pending, { ok: true, id: String(pending.id), position: pending.sequence });
    }
  }
}

export class FakeTransport implements Transport {
  readonly window: number = 4;
  readonly maxRun: number = 100;
  readonly maxRunBytes: number = 1_000_000;
  readonly isPipelined: boolean = true;
  readonly carriers: FakeCarrier[] = [];
  /** Set to make every attempt to connect fail. */
  obstacle: string | undefined;

  constructor(limits: Partial<Pick<Transport, 'window' | 'maxRun' | 'maxRunBytes' | 'isPipelined'>> = {}) {
    Object.assign(this, limits);
  }

  open(listener: CarrierListener): Carrier {
    if (this.obstacle !== undefined) throw new Error(this.obstacle);
    const carrier = new FakeCarrier(listener);
    this.carriers.push(carrier);
    return carrier;
  }

  /** The newest carrier. */
  last(): FakeCarrier {
    const carrier = this.carriers.at(-1);
    if (carrier === undefined) throw new Error('nothing was opened');
    return carrier;
  }
}
