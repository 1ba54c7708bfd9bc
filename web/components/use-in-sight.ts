import type { Position } from '../../src/pipeline/event.ts';
import { feed, hold, place } from '../state/page.ts';
import type { Row } from '../state/row.ts';
import { rowHeight } from '../state/screen.ts';

/** Rows drawn beyond what is in sight, so that scrolling does not outrun drawing. */
const overscan = 8;
/** How near to the end of what is in memory the reader may come before more is loaded. */
const loadAhead = 60;

export interface InSight {
  /** How far down the list is scrolled, in pixels. */
  readonly top: number;
  /** Index of the first of `rows`, counted from the newest. */
  readonly first: number;
  readonly rows: readonly Row[];
  readonly isNearOldest: boolean;
  readonly isNearNewest: boolean;
  /** Whether a row is out of sight below, while the list follows what comes above. */
  readonly isBelow: (position: Position) => boolean;
}

/** The rows to draw in a list of this height. Whoever calls it is drawn again when they change. */
export function useInSight(height: number): InSight {
  const { window, version } = feed;
  const each = rowHeight.value;
  const top = version.value < 0 ? 0 : place.top(each);
  const first = Math.max(0, Math.floor(top / each) - overscan);
  const end = Math.min(window.length, Math.ceil((top + height) / each) + overscan);
  const rows: Row[] = [];
  for (let index = first; index < end; index += 1) {
    const row = window.rowAt(index);
    if (row !== undefined) rows.push(row);
  }
  const [drawn] = rows;
  if (drawn !== undefined) place.draw(drawn.position, first);
  const lastWhole = Math.floor((top + height) / each) - 1;
  return {
    top,
    first,
    rows,
    isNearOldest: end > window.length - loadAhead,
    isNearNewest: first < loadAhead,
    isBelow: (position) => height > 0 && !hold.isScrolled.value && window.indexOf(position) > lastWhole,
  };
}
