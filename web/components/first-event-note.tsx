import { useEffect, useState } from 'preact/hooks';
import { feed } from '../state/page.ts';
import { isFirstRun } from '../state/first-run.ts';
import { texts } from '../texts/texts.ts';

const shownMs = 6_000;

/** A word of welcome when the first event of an empty log arrives. */
export function FirstEventNote() {
  const [isOver, setOver] = useState(false);
  const hasArrived = isFirstRun.value && feed.version.value > 0 && feed.window.length > 0;
  useEffect(() => {
    if (!hasArrived) return undefined;
    const timer = setTimeout(() => setOver(true), shownMs);
    return () => clearTimeout(timer);
  }, [hasArrived]);
  return (
    <div role="status" class="note" hidden={!hasArrived || isOver}>
      {hasArrived && texts.firstRun.arrived}
    </div>
  );
}
