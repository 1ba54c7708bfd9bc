import { feed, paging } from '../state/page.ts';
import { rowHeight } from '../state/screen.ts';
import { texts } from '../texts/texts.ts';

const skeletonRows = 12;

/** How many rows the end of the list takes: what is being loaded, or the line that says that nothing is left. */
export function tailRows(): number {
  if (feed.shown.value === null) return skeletonRows * 2;
  return feed.window.older === null ? 1 : skeletonRows;
}

/** Stands below the oldest of `rows` rows in memory: grey rows where older ones are being loaded, or, where the log `isRead`
 *  to its beginning, why there are none. Both are given, since the window is no signal and a component without changed
 *  properties is not drawn again. */
export function TableEnd({ rows, isRead }: { readonly rows: number; readonly isRead: boolean }) {
  const top = rows * rowHeight.value;
  if (paging.state.value === 'failed') return <Failed top={top} />;
  const isKnown = feed.shown.value !== null;
  if (isKnown && isRead) return <Line top={top} text={endText()} />;
  return (
    <>
      {Array.from({ length: tailRows() }, (_, index) => (
        <div
          key={index}
          role="row"
          aria-label={texts.table.loading}
          class={`row skeleton s${index % 4}`}
          style={{ transform: `translateY(${top + index * rowHeight.value}px)` }}
        >
          <span role="gridcell" />
          <span role="gridcell" />
          <span role="gridcell" />
          <span role="gridcell" />
          <span role="gridcell" />
        </div>
      ))}
    </>
  );
}

function endText(): string {
  if (feed.shown.value !== '') return texts.table.noOlder;
  return feed.first.value > 1 ? texts.table.removed : texts.table.beginning;
}

function Line({ top, text }: { readonly top: number; readonly text: string }) {
  return (
    <div role="row" class="row end" style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell">{text}</span>
    </div>
  );
}

function Failed({ top }: { readonly top: number }) {
  return (
    <div role="row" class="row end" style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell">
        {texts.table.olderFailed}
        <button type="button" class="button small" onClick={() => paging.retry()}>
          {texts.table.again}
        </button>
      </span>
    </div>
  );
}
