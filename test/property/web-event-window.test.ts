import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventWindow } from '../../web/state/event-window.ts';
import { rowsBetween } from '../support/web-rows.ts';

const limit = 40;
const pageSize = 4;

/** A page of the window's parts that was asked for and is on its way: what the log held when it was read. */
type Reading =
  | { readonly kind: 'newest'; readonly head: number }
  | { readonly kind: 'older'; readonly before: number }
  | { readonly kind: 'newer'; readonly after: number; readonly head: number };

/** A log in which every event matches, a subscription, and a reader who holds, resumes and scrolls. It treats the window as
 *  the page does. */
class World {
  readonly window = new EventWindow(limit);
  head = 0;
  seen = 0;
  isHeld = false;
  reading: Reading | null = { kind: 'newest', head: 0 };
  isOpen = false;

  append(count: number): void {
    this.head += count;
  }

  deliver(count: number): void {
    if (!this.isOpen) return;
    const last = Math.min(this.head, this.seen + count);
    this.window.receive(rowsBetween(this.seen + 1, last), this.isHeld || this.window.isCut, 0);
    this.seen = last;
  }

  toggle(): void {
    this.isHeld = !this.isHeld;
    if (!this.isHeld && !this.window.reveal(0)) this.read({ kind: 'newest', head: this.head });
  }

  read(reading: Reading): void {
    if (this.reading === null || reading.kind === 'newest') this.reading = reading;
  }

  scrollDown(): void {
    if (this.window.older !== null) this.read({ kind: 'older', before: this.window.older });
  }

  scrollUp(): void {
    const { isCut, newestPosition: after } = this.window;
    if (isCut && this.isHeld && after > 0) this.read({ kind: 'newer', after, head: this.head });
  }

  arrive(): void {
    const { reading, window } = this;
    this.reading = null;
    if (reading?.kind === 'newest') {
      window.replace(pageBefore(reading.head + 1));
      if (!this.isOpen) this.seen = reading.head;
      this.isOpen = true;
    } else if (reading?.kind === 'older' && window.older === reading.before) {
      window.addOlder(pageBefore(reading.before));
    } else if (reading?.kind === 'newer' && window.newestPosition === reading.after) {
      const last = Math.min(reading.head, reading.after + pageSize);
      window.addNewer(rowsBetween(reading.after + 1, last), last === reading.head);
    }
  }

  /** Everything arrives and the reader lets the list follow. */
  settle(): void {
    this.arrive();
    this.deliver(Infinity);
    if (this.isHeld) this.toggle();
    if (this.window.isCut) this.read({ kind: 'newest', head: this.head });
    this.arrive();
  }

  positions(): number[] {
    return Array.from({ length: this.window.length }, (_, index) => this.window.rowAt(index)?.position ?? 0);
  }
}

function pageBefore(before: number): { rows: ReturnType<typeof rowsBetween>; next: number | null } {
  const first = Math.max(1, before - pageSize);
  return { rows: rowsBetween(first, before - 1).reverse(), next: first > 1 ? first : null };
}

const step = fc.oneof(
  fc.record({ do: fc.constantFrom('append' as const, 'deliver' as const), count: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constantFrom('toggle' as const, 'scrollDown' as const, 'scrollUp' as const, 'arrive' as const) }),
);

function take(world: World, next: Parameters<typeof play>[0][number]): void {
  if ('count' in next) world[next.do](next.count);
  else world[next.do]();
}

function play(
  steps: readonly (
    { do: 'append' | 'deliver'; count: number } | { do: 'toggle' | 'scrollDown' | 'scrollUp' | 'arrive' }
  )[],
): World {
  const world = new World();
  for (const next of steps) {
    take(world, next);
    const positions = world.positions();
    const newest = positions[0] ?? 0;
    expect(positions).toEqual(positions.map((_, index) => newest - index));
    expect(positions.length).toBeLessThanOrEqual(limit * 1.1 + pageSize);
    if (positions.length > 0) expect(world.window.older).toBe(positions.at(-1) === 1 ? null : positions.at(-1));
  }
  return world;
}

describe('EventWindow', () => {
  it('shows an unbroken run without doubles, whatever crosses, and the head once it follows', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const world = play(steps);
        world.settle();
        const positions = world.positions();
        expect(positions).toEqual(positions.map((_, index) => world.head - index));
        expect(positions.length).toBeGreaterThanOrEqual(Math.min(world.head, pageSize));
      }),
      { numRuns: 1_000 },
    );
  });
});
