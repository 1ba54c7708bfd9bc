import { effect } from '@preact/signals';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { feed, hold, search } from './page.ts';

/** Keeps the tab's title: what came while nobody saw it, because the list holds still or the tab is hidden, and the search. */
export function showTitle(): void {
  let seen = feed.arrived.peek();
  const show = (): void => {
    const arrived = feed.arrived.value;
    const query = search.query.value;
    if (!hold.isStill.value && !document.hidden) seen = arrived;
    const total = arrived.total - seen.total;
    const critical = arrived.critical - seen.critical;
    const news = total === 0 ? [] : [texts.hold.waiting(numberText(total), numberText(critical))];
    document.title = [...news, ...(query === '' ? [] : [query]), texts.appName].join(' · ');
  };
  effect(show);
  document.addEventListener('visibilitychange', show);
}
