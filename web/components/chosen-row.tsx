import { selection, showChosen } from '../state/page.ts';
import type { Row } from '../state/row.ts';
import { RowCells } from './event-row.tsx';

/** The chosen row, kept in sight at the bottom while the list follows and has carried it away. Pressing it holds the list
 *  there. It is the same row again, so a screen reader is spared it. */
export function ChosenRow({ row, today }: { readonly row: Row; readonly today: string }) {
  return (
    <div aria-hidden="true" class="row chosen kept" onClick={() => goBackTo(row)}>
      <RowCells row={row} today={today} />
    </div>
  );
}

function goBackTo(row: Row): void {
  selection.choose(row);
  showChosen();
}
