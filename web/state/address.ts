import type { Address } from './search.ts';

/** One parameter of the page's address, so that every view can be linked, reloaded and gone back to. */
export function addressParameter(name: string): Address {
  const read = (): string => new URLSearchParams(location.search).get(name) ?? '';
  return {
    read,
    write(value, isStep) {
      const url = new URL(location.href);
      if (value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, value);
      if (isStep) history.pushState(null, '', url);
      else history.replaceState(null, '', url);
    },
    onMove(moved) {
      addEventListener('popstate', () => moved(read()));
    },
  };
}

/** The query, as `?q=`. */
export const pageAddress = addressParameter('q');
