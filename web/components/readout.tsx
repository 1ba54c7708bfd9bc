import { severities, type Severity } from '../../src/pipeline/event.ts';
import type { SeverityCounts } from '../../src/pipeline/statistics.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { SeverityGlyph } from './severity-glyph.tsx';

/** The worst first, and only what there is. */
function present(counts: SeverityCounts): Severity[] {
  return severities.filter((severity) => counts[severity] > 0).reverse();
}

/** The counts as words: `critical 3, info 41`. */
export function countsText(counts: SeverityCounts): string {
  const parts = present(counts).map((severity) => `${texts.severity[severity]} ${numberText(counts[severity])}`);
  return parts.length === 0 ? texts.chart.none : parts.join(', ');
}

interface ReadoutProps {
  readonly text: string;
  readonly counts: SeverityCounts;
  /** Where the middle of the bars is, from 0 at the left end of the axis to 1. */
  readonly middle: number;
}

/** What the marked bars stand for, below them, in the place of the axis. */
export function Readout({ text, counts, middle }: ReadoutProps) {
  const share = `${(middle * 100).toFixed(3)}%`;
  return (
    <p class="readout" style={{ left: share, translate: `-${share}` }}>
      <b>{text}</b>
      {present(counts).map((severity) => (
        <span key={severity}>
          <SeverityGlyph severity={severity} />
          {numberText(counts[severity])}
        </span>
      ))}
      {present(counts).length === 0 && <span>{texts.chart.none}</span>}
    </p>
  );
}
