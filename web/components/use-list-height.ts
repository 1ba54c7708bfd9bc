import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { place } from '../state/page.ts';
import { headHeight } from '../state/screen.ts';

/** The pixels of the list that are in sight below the names of its columns, kept up to date; 0 before it is on the page. */
export function useListHeight(scroller: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setHeight(element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [scroller]);
  place.height = Math.max(0, height - headHeight.value);
  return place.height;
}
