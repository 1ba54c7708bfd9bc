import type { Address } from './search.ts';

/** The query as `?q=` of the page's address, so that every view can be linked, reloaded and gone back to. */
export const pageAddress: Address = {
  read: queryOfAddress,
  write(query, isStep) {
    const url = new URL(location.href);
    if (query === '') url.searchParams.delete('q');
    else url.searchParams.set('q', query);
    if (isStep) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  },
  onMove(moved) {
    addEventListener('popstate', () => moved(queryOfAddress()));
  },
};

function queryOfAddress(): string {
  return new URLSearchParams(location.search).get('q') ?? '';
}
