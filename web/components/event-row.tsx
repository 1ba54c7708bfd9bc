import type { ComponentChildren } from 'preact';
import { rowElementId } from '../state/menu.ts';
import type { Row } from '../state/row.ts';
import { rowHeight } from '../state/screen.ts';
import { timeText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';

interface EventRowProps {
  readonly row: Row;
  /** Counted from the newest. */
  readonly index: number;
  readonly isChosen: boolean;
  readonly isNew: boolean;
  readonly today: string;
}

/** One event. What it says is a stranger's text: it goes in as text nodes and attributes alone. */
export function EventRow({ row, index, isChosen, isNew, today }: EventRowProps) {
  const { severity } = row;
  const marks = `${severity === 'critical' && !row.isResolved ? ' critical' : ''}${isChosen ? ' chosen' : ''}${isNew ? ' new' : ''}`;
  return (
    <div
      role="row"
      id={rowElementId(row)}
      class={`row event${marks}`}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-position={row.position}
      style={{ transform: `translateY(${index * rowHeight.value}px)` }}
    >
      <RowCells row={row} today={today} role="gridcell" />
      <span role="gridcell" class="more">
        <button type="button" class="button plain" tabIndex={-1} data-menu aria-label={texts.menu.open}>
          <Icon name="more" />
        </button>
      </span>
    </div>
  );
}

interface RowCellsProps {
  readonly row: Row;
  readonly today: string;
  /** Absent where the row stands outside of the table. */
  readonly role?: 'gridcell';
}

/** What a row shows of its event. */
export function RowCells({ row, today, role }: RowCellsProps) {
  const { severity } = row;
  return (
    <>
      <time role={role} dateTime={row.time} title={row.time}>
        {timeText(row.at, today)}
      </time>
      <span role={role} class="severity">
        <Value field="severity" text={severity}>
          <SeverityGlyph severity={severity} />
          <span class="unseen">{texts.severity[severity]}</span>
        </Value>
      </span>
      <span role={role} class="source">
        <Value field="source" text={row.source} />
      </span>
      <span role={role} class="channel">
        <Value field="channel" text={row.channel} />
      </span>
      <span role={role} class="text">
        {row.isResolved && <span class="tag">{texts.resolved}</span>}
        <bdi>{row.message}</bdi>
      </span>
      <span role={role} class="key">
        {row.key !== row.source && <Value field="key" text={row.key} />}
      </span>
    </>
  );
}

interface ValueProps {
  readonly field: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}

/** A value that narrows the search when it is pressed; `row-hands.ts` does that for the whole table. */
function Value({ field, text, children = text }: ValueProps) {
  return (
    <button
      type="button"
      class="value"
      tabIndex={-1}
      data-field={field}
      data-value={text}
      title={`${text}\n${texts.menu.addHint}`}
    >
      {children}
    </button>
  );
}
