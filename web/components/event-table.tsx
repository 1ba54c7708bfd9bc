import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { topSlack } from '../state/list-place.ts';
import { rowElementId } from '../state/menu.ts';
import { feed, hold, paging, place, selection } from '../state/page.ts';
import { rowHeight } from '../state/screen.ts';
import { texts } from '../texts/texts.ts';
import { ChosenRow } from './chosen-row.tsx';
import { EventRow } from './event-row.tsx';
import { aim, pressRow } from './row-hands.ts';
import { StaleMark } from './stale-mark.tsx';
import { TableEnd, tailRows } from './table-end.tsx';
import { TableHead } from './table-head.tsx';
import { useListHeight } from './use-list-height.ts';
import { useInSight } from './use-in-sight.ts';

/** The events, newest first. Only the rows in sight exist as elements; the rest is height. */
export function EventTable() {
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useInSight(useListHeight(scroller));
  const chosen = selection.row.value;
  const isLost = feed.connection.lostAt.value !== null;
  useKeptPlace(scroller.current, sight.top);
  useEffect(() => {
    if (sight.isNearOldest) void paging.loadOlder();
    if (sight.isNearNewest && hold.isStill.peek()) void paging.loadNewer();
  });
  const now = performance.now();
  // When all is news, marking it would be a flicker and nothing more.
  const isFlooded = hold.isFlooded.value;
  const today = new Date().toDateString();
  return (
    <div class="table">
      <div
        ref={scroller}
        id="events"
        class={isLost ? 'scroller old' : 'scroller'}
        role="grid"
        aria-label={texts.table.label}
        aria-rowcount={feed.window.older === null ? feed.window.length + 1 : -1}
        aria-activedescendant={chosen !== null && sight.rows.includes(chosen) ? rowElementId(chosen) : undefined}
        tabIndex={0}
        onScroll={(event) => noteScroll(event.currentTarget.scrollTop)}
        onPointerMove={aim}
        onClick={pressRow}
        onContextMenu={pressRow}
      >
        <TableHead />
        <div
          class="rows"
          role="rowgroup"
          style={{ height: `${(feed.window.length + tailRows()) * rowHeight.value}px` }}
        >
          {sight.rows.map((row, index) => (
            <EventRow
              key={row.position}
              row={row}
              index={sight.first + index}
              isChosen={row.position === chosen?.position}
              isNew={!isFlooded && row.arrivedAt > 0 && now - row.arrivedAt < 600}
              today={today}
            />
          ))}
          <TableEnd rows={feed.window.length} isRead={feed.window.older === null} />
        </div>
      </div>
      <StaleMark />
      {chosen !== null && sight.isBelow(chosen.position) && <ChosenRow row={chosen} today={today} />}
    </div>
  );
}

/** Scrolls the list to where it should be after rows came or went above. At the top it is left where a hand has it. */
function useKeptPlace(element: HTMLElement | null, top: number): void {
  useLayoutEffect(() => {
    if (element === null) return;
    if (Math.abs(element.scrollTop - top) > (top === 0 ? topSlack : 1)) element.scrollTop = top;
  });
}

function noteScroll(top: number): void {
  if (place.scrollTo(top, rowHeight.peek())) hold.isScrolled.value = true;
  else hold.reachTop();
}
