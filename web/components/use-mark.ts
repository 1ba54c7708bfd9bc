import { useRef, useState } from 'preact/hooks';
import { withoutTime, withTime } from '../query/time-terms.ts';
import { search } from '../state/page.ts';
import type { TimeGrid } from '../state/time-grid.ts';

/** The bars that are pointed at, as times, so that they stay the same ones when the grid moves on. */
export interface Mark {
  readonly from: number;
  readonly to: number;
}

/** Pixels that a pressed pointer may shake without meaning to draw. */
const shake = 4;

interface Press {
  readonly x: number;
  readonly bucket: Mark;
  /** Null until the pointer has moved. */
  drawn: Mark | null;
}

/** Marks bars of the grid by pointer and by keys, and narrows the search to their time. */
export function useMark(grid: TimeGrid | null) {
  const [mark, setMark] = useState<Mark | null>(null);
  const press = useRef<Press | null>(null);
  const end = (): void => {
    press.current = null;
    setMark(null);
  };
  const narrow = ({ from, to }: Mark): void => {
    end();
    search.set(withTime(search.query.peek(), from, to));
  };
  const hands = {
    onPointerDown(event: Pointed) {
      const bucket = bucketUnder(event, grid);
      if (bucket === null || event.button !== 0) return;
      press.current = { x: event.clientX, bucket, drawn: null };
      event.currentTarget.setPointerCapture(event.pointerId);
      setMark(bucket);
    },
    onPointerMove(event: Pointed) {
      const bucket = bucketUnder(event, grid);
      if (bucket !== null) setMark(press.current === null ? bucket : draw(press.current, bucket, event.clientX));
    },
    onPointerUp() {
      const drawn = press.current?.drawn ?? null;
      press.current = null;
      if (drawn !== null) narrow(drawn);
    },
    onPointerCancel: end,
    // A finger that lifts leaves too; what it pointed at stays to be read.
    onPointerLeave: (event: Pointed) => event.pointerType === 'mouse' && press.current === null && setMark(null),
    onBlur: end,
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || grid === null) return;
      const moved = movedMark(event, mark, grid);
      if (moved !== null) setMark(moved);
      else if (event.key === 'Enter' && mark !== null) narrow(mark);
      else if (event.key !== 'Escape' || !goBack(mark, end)) return;
      event.preventDefault();
    },
  };
  return { mark, hands };
}

type Pointed = PointerEvent & { readonly currentTarget: HTMLElement };

function bucketUnder({ clientX, currentTarget }: Pointed, grid: TimeGrid | null): Mark | null {
  if (grid === null) return null;
  const { left, width } = currentTarget.getBoundingClientRect();
  return bucketAt(Math.floor(((clientX - left) / width) * grid.count), grid);
}

function bucketAt(index: number, { from, step, count }: TimeGrid): Mark {
  const start = from + Math.max(0, Math.min(index, count - 1)) * step;
  return { from: start, to: start + step };
}

/** From where the pointer was pressed to where it is; once drawn over more, going back to one bar means that one. */
function draw(press: Press, { from, to }: Mark, x: number): Mark {
  if (press.drawn !== null || Math.abs(x - press.x) > shake)
    press.drawn = { from: Math.min(press.bucket.from, from), to: Math.max(press.bucket.to, to) };
  return press.drawn ?? press.bucket;
}

/** The mark after a key, or null when the key moves nothing. With Shift it grows or shrinks at its end. */
function movedMark(event: KeyboardEvent, mark: Mark | null, grid: TimeGrid): Mark | null {
  const last = mark === null ? grid.count : Math.round((mark.to - grid.from) / grid.step) - 1;
  const index = { ArrowLeft: last - 1, ArrowRight: last + 1, Home: 0, End: grid.count - 1 }[event.key];
  if (index === undefined) return null;
  const bucket = bucketAt(index, grid);
  if (!event.shiftKey || mark === null) return bucket;
  return { from: Math.min(mark.from, bucket.from), to: bucket.to };
}

/** Takes back the last step: the mark, or else the time in the search. Returns whether there was one. */
function goBack(mark: Mark | null, end: () => void): boolean {
  const query = search.query.peek();
  const wider = withoutTime(query);
  if (mark === null && wider === query) return false;
  end();
  if (mark === null) search.set(wider);
  return true;
}
