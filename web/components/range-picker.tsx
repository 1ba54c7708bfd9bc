import { stretchOf, withoutTime, type Stretch } from '../query/time-terms.ts';
import { overview, search } from '../state/page.ts';
import { chooseRange, range } from '../state/range.ts';
import { isPhone } from '../state/screen.ts';
import { ranges } from '../state/ranges.ts';
import { stretchText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

const inSearch = 'search';

/** How far back the counts and the chart look. A time in the search wins: then it stands here, and choosing a range takes it
 *  out of the search. */
export function RangePicker() {
  const { from, to } = stretchInSearch();
  const isInSearch = from !== null || to !== null;
  const names = isPhone.value ? texts.range.short : texts.range.last;
  return (
    <label class="button range" title={texts.range.hint}>
      <span class="unseen">{texts.range.label}</span>
      <select value={isInSearch ? inSearch : range.value} onChange={(event) => choose(event.currentTarget.value)}>
        {isInSearch && <option value={inSearch}>{stretchText(from, to)}</option>}
        {ranges.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

/** As the counts have it, once they do: a time that is said from now on back moves with them. */
function stretchInSearch(): Stretch {
  const query = search.query.value;
  const snapshot = overview.snapshot.value;
  return snapshot?.question.query === query ? snapshot.stretch : stretchOf(query, Date.now());
}

function choose(value: string): void {
  const wanted = ranges.find((each) => each === value);
  if (wanted === undefined) return;
  search.set(withoutTime(search.query.peek()));
  chooseRange(wanted);
}
