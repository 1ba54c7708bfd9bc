import { stretchOf, withoutTime } from '../query/time-terms.ts';
import { search } from '../state/page.ts';
import { chooseRange, range } from '../state/range.ts';
import { ranges } from '../state/ranges.ts';
import { stretchText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

const inSearch = 'search';

/** How far back the counts and the chart look. A time in the search wins: then it stands here, and choosing a range takes it
 *  out of the search. */
export function RangePicker() {
  const { from, to } = stretchOf(search.query.value, Date.now());
  const isInSearch = from !== null || to !== null;
  return (
    <label class="button range" title={texts.range.hint}>
      <span class="unseen">{texts.range.label}</span>
      <select value={isInSearch ? inSearch : range.value} onChange={(event) => choose(event.currentTarget.value)}>
        {isInSearch && <option value={inSearch}>{stretchText(from, to)}</option>}
        {ranges.map((each) => (
          <option key={each} value={each}>
            {texts.range.last[each]}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}

function choose(value: string): void {
  const wanted = ranges.find((each) => each === value);
  if (wanted === undefined) return;
  search.set(withoutTime(search.query.peek()));
  chooseRange(wanted);
}
