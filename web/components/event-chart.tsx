import { useRef } from 'preact/hooks';
import type { SeverityCounts } from '../../src/pipeline/statistics.ts';
import { sumOf, totalOf } from '../state/counts.ts';
import type { Snapshot } from '../state/overview.ts';
import { isPhone } from '../state/screen.ts';
import { ticksOf, type TimeGrid } from '../state/time-grid.ts';
import { numberText, spanText, stretchText, tickText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { countsText, Readout } from './readout.tsx';
import { useBarChart } from './use-bar-chart.ts';
import { useMark, type Mark } from './use-mark.ts';

const nothing: Snapshot['buckets'] = [];

/** When the events came, by severity. Pointing at a bar, or moving to it with the arrows, says what it stands for; drawing
 *  over some, or Enter, narrows the search to their time. */
export function EventChart({ snapshot }: { readonly snapshot: Snapshot | null }) {
  const canvas = useRef<HTMLDivElement>(null);
  const { mark, hands } = useMark(snapshot?.grid ?? null);
  useBarChart(canvas, snapshot?.buckets ?? nothing);
  const marked = markedPart(snapshot, mark);
  return (
    <div class="plot">
      <div
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={texts.chart.label}
        {...valueOf(snapshot, marked)}
        aria-description={texts.chart.hint}
        {...hands}
      >
        {marked !== null && <div class="marked" style={{ left: marked.left, width: marked.width }} />}
        <div ref={canvas} class="bars" />
      </div>
      <div class="axis" aria-hidden="true">
        {snapshot !== null && <Ticks grid={snapshot.grid} isEndTaken={(marked?.middle ?? 0) > 0.8} />}
        {marked !== null && <Readout {...marked} />}
      </div>
    </div>
  );
}

function Ticks({ grid, isEndTaken }: { readonly grid: TimeGrid; readonly isEndTaken: boolean }) {
  const { from, to, isOpen } = grid;
  const zoneMs = new Date(to).getTimezoneOffset() * -60_000;
  const place = (at: number): number => (at - from) / (to - from);
  // Too near to an edge they would be cut off there, or meet the end of the axis.
  const ticks = ticksOf(grid, 5, zoneMs).filter((at) => place(at) > 0.04 && place(at) < (isPhone.value ? 0.8 : 0.94));
  return (
    <>
      {ticks.map((at) => (
        <span key={at} style={{ left: percent(place(at)) }}>
          {tickText(at, to - from)}
        </span>
      ))}
      {!isEndTaken && <span class="end">{isOpen ? texts.chart.now : tickText(to, to - from)}</span>}
    </>
  );
}

interface Marked {
  /** Index of the last of the bars. */
  readonly last: number;
  readonly text: string;
  readonly counts: SeverityCounts;
  readonly middle: number;
  readonly left: string;
  readonly width: string;
}

/** What the marked bars stand for, and where they are. */
function markedPart(snapshot: Snapshot | null, mark: Mark | null): Marked | null {
  if (snapshot === null || mark === null) return null;
  const { grid, buckets } = snapshot;
  const { from, to } = mark;
  const first = Math.max(0, Math.round((from - grid.from) / grid.step));
  const last = Math.min(grid.count, Math.round((to - grid.from) / grid.step)) - 1;
  if (last < first) return null;
  return {
    last,
    text: spanText(from, to),
    counts: sumOf(buckets.slice(first, last + 1)),
    middle: (first + last + 1) / 2 / grid.count,
    left: percent(first / grid.count),
    width: percent((last + 1 - first) / grid.count),
  };
}

/** The chart as a slider over its bars, for who does not see it. */
function valueOf(snapshot: Snapshot | null, marked: Marked | null) {
  const lastBar = snapshot === null ? 0 : snapshot.grid.count - 1;
  return {
    'aria-valuemin': 0,
    'aria-valuemax': lastBar,
    'aria-valuenow': marked === null ? lastBar : marked.last,
    'aria-valuetext': marked === null ? summaryOf(snapshot) : `${marked.text}: ${countsText(marked.counts)}`,
  };
}

/** All of the chart in one sentence. */
function summaryOf(snapshot: Snapshot | null): string {
  if (snapshot === null) return texts.chart.loading;
  const { buckets, grid } = snapshot;
  const totals = buckets.map(totalOf);
  const most = Math.max(...totals);
  const stretch = stretchText(grid.from, grid.isOpen ? null : grid.to);
  const counts = `${stretch}: ${countsText(sumOf(buckets))}`;
  if (most === 0) return counts;
  const busiest = grid.from + totals.indexOf(most) * grid.step;
  return `${counts}. ${texts.chart.most(spanText(busiest, busiest + grid.step), numberText(most))}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
