import { feed, hold, search } from '../state/page.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';

/** While more comes than anyone reads: how much, and how to see what matters of it. */
export function FloodBar() {
  if (!hold.isCounting.value) return null;
  return (
    <div class="panel-bar" role="group">
      <p>{texts.flood.rate(numberText(roundedRate(feed.rate.value)))}</p>
      <button type="button" class="button small" onClick={() => search.add('severity>=error')}>
        {texts.flood.onlyErrors}
      </button>
      <button type="button" class="button small" onClick={() => search.add('severity:critical')}>
        {texts.flood.onlyCritical}
      </button>
      <button type="button" class="button small" onClick={() => hold.resume()}>
        {texts.flood.watch}
      </button>
    </div>
  );
}

/** Two digits say enough, and change less often. */
function roundedRate(rate: number): number {
  return Number(rate.toPrecision(2));
}
