import { feed, overview, search } from '../state/page.ts';
import { clockText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { EventChart } from './event-chart.tsx';
import { Tiles } from './tiles.tsx';

/** How much there is of what the search asks for, and when it came. */
export function Overview() {
  const snapshot = overview.snapshot.value;
  const isOld = feed.connection.lostAt.value !== null || overview.failingSince.value !== null;
  const isBehind = snapshot !== null && snapshot.question.query !== search.query.value;
  const isEmptyLog = snapshot?.stats.head === 0;
  return (
    <section class={`overview${isOld ? ' old' : ''}${isBehind ? ' behind' : ''}`} aria-label={texts.overview.label}>
      <Tiles snapshot={snapshot} />
      {!isEmptyLog && <EventChart snapshot={snapshot} />}
      <Remark hasCounts={snapshot !== null} isPartial={snapshot?.isPartial ?? false} />
    </section>
  );
}

/** Why the numbers are not what they should be. A lost connection, and why there are no events either, are said elsewhere. */
function Remark({ hasCounts, isPartial }: { readonly hasCounts: boolean; readonly isPartial: boolean }) {
  const isSaid = feed.connection.lostAt.value !== null || (feed.shown.value === null && !hasCounts);
  const since = isSaid ? null : overview.failingSince.value;
  const failure = since === null ? '' : hasCounts ? texts.overview.asOf(clockText(since)) : texts.overview.failed;
  const text = failure === '' && isPartial ? texts.overview.partial : failure;
  return (
    <p class="as-of" role="status" hidden={text === ''}>
      {text}
    </p>
  );
}
