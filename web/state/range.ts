import { signal } from '@preact/signals';
import { ranges, type Range } from './ranges.ts';

const usual: Range = '1h';

const chosen = signal(rangeOfAddress());

/** The range in force; `?range=` of the page's address, so that it can be linked, reloaded and gone back to. */
export const range = chosen as { readonly value: Range; peek(): Range };

export function chooseRange(wanted: Range): void {
  if (wanted === chosen.peek()) return;
  const url = new URL(location.href);
  if (wanted === usual) url.searchParams.delete('range');
  else url.searchParams.set('range', wanted);
  history.pushState(null, '', url);
  chosen.value = wanted;
}

addEventListener('popstate', () => {
  chosen.value = rangeOfAddress();
});

function rangeOfAddress(): Range {
  const text = new URLSearchParams(location.search).get('range');
  return ranges.find((each) => each === text) ?? usual;
}
