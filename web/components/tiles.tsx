import type { ComponentChildren } from 'preact';
import type { Severity } from '../../src/pipeline/event.ts';
import { isNarrowedTo, toggleSeverity } from '../query/severity-terms.ts';
import { linePoints, totalOf } from '../state/counts.ts';
import type { Snapshot } from '../state/overview.ts';
import { search } from '../state/page.ts';
import { figureText, numberText, stretchText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { MailTile } from './mail-tile.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';
import { Sparkline } from './sparkline.tsx';

/** Points of a line at most: more would be finer than the line is thick. */
const linePointsAtMost = 30;

/** The numbers over the chart. Before the first answer they are blank, in an empty log they are a dash. */
export function Tiles({ snapshot }: { readonly snapshot: Snapshot | null }) {
  return (
    <ul class="tiles">
      <TotalTile snapshot={snapshot} />
      <SeverityTile snapshot={snapshot} severity="critical" />
      <SeverityTile snapshot={snapshot} severity="error" />
      <SeverityTile snapshot={snapshot} severity="warning" />
      <PaceTile snapshot={snapshot} />
      <li class="tile narrow" title={texts.overview.watchingHint}>
        <span class="name">{texts.overview.watching}</span>
        <Figure value={watchers(snapshot)} />
      </li>
      <MailTile email={snapshot?.stats.email} />
    </ul>
  );
}

interface SnapshotProps {
  readonly snapshot: Snapshot | null;
}

function TotalTile({ snapshot }: SnapshotProps) {
  const counts = snapshot?.counts;
  const name = snapshot === null ? texts.rail.events : totalName(snapshot);
  const hint = counts === undefined ? '' : `${name}\n${texts.overview.infos(numberText(counts.info))}`;
  return (
    <li class="tile" title={hint}>
      <span class="name">{name}</span>
      <Figure value={shownOf(snapshot, counts && totalOf(counts))} isAtLeast={snapshot?.isPartial ?? false}>
        <Sparkline points={courseOf(snapshot, totalOf)} />
      </Figure>
    </li>
  );
}

function totalName({ question, stretch, grid }: Snapshot): string {
  const what = question.query === '' ? texts.rail.events : texts.overview.matches;
  const isRange = stretch.from === null && stretch.to === null;
  const when = isRange ? texts.overview.during[question.range] : stretchText(stretch.from ?? grid.from, stretch.to);
  return `${what}, ${when}`;
}

function SeverityTile({ snapshot, severity }: SnapshotProps & { readonly severity: Severity }) {
  const count = snapshot?.counts[severity];
  const isPressed = isNarrowedTo(search.query.value, severity);
  return (
    <li class={`tile ${severity}`}>
      <button
        type="button"
        aria-pressed={isPressed}
        title={isPressed ? texts.overview.widen : texts.overview.narrow}
        onClick={() => search.set(toggleSeverity(search.query.peek(), severity))}
      >
        <span class="name">
          <SeverityGlyph severity={severity} />
          {texts.overview.severity[severity]}
        </span>
        <Figure value={shownOf(snapshot, count)} isAtLeast={snapshot?.isPartial ?? false}>
          <Sparkline points={courseOf(snapshot, (counts) => counts[severity])} />
        </Figure>
      </button>
    </li>
  );
}

function PaceTile({ snapshot }: SnapshotProps) {
  const pace = snapshot?.pace;
  return (
    <li class="tile" title={pace?.isMean === true ? texts.overview.meanHint : texts.overview.paceHint}>
      <span class="name">{pace?.isMean === true ? texts.overview.meanPace : texts.overview.pace}</span>
      <Figure value={shownOf(snapshot, pace?.perMinute)}>
        <Sparkline points={linePoints(pace?.minutes ?? [], linePointsAtMost, 0, false)} />
      </Figure>
    </li>
  );
}

interface FigureProps {
  /** Undefined before it is known, null where a number would say nothing. */
  readonly value: number | null | undefined;
  readonly isAtLeast?: boolean;
  readonly children?: ComponentChildren;
}

function Figure({ value, isAtLeast = false, children }: FigureProps) {
  const text = value === undefined ? '\u00a0' : value === null ? '–' : figureText(value);
  const isNone = value === null || value === 0;
  return (
    <span class="figure">
      <strong class={isNone ? 'none' : ''} title={text.length > 8 && value ? numberText(value) : undefined}>
        {text}
        {isAtLeast && value !== null && '+'}
      </strong>
      {children}
    </span>
  );
}

/** This page is one of them: none means that it is not counted yet. */
function watchers(snapshot: Snapshot | null): number | undefined {
  return snapshot === null || snapshot.stats.subscribers === 0 ? undefined : snapshot.stats.subscribers;
}

/** In an empty log a row of zeros would only be noise. */
function shownOf(snapshot: Snapshot | null, value: number | undefined): number | null | undefined {
  return snapshot?.stats.head === 0 ? null : value;
}

function courseOf(snapshot: Snapshot | null, of: (counts: Snapshot['counts']) => number): number[] {
  if (snapshot === null) return [];
  const { buckets, grid } = snapshot;
  return linePoints(buckets.map(of), linePointsAtMost, Math.round(grid.from / grid.step), grid.isOpen);
}
