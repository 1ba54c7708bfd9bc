import { feed } from '../state/page.ts';
import { EventTable } from './event-table.tsx';
import { FirstRun } from './first-run.tsx';
import { FirstEventNote } from './first-event-note.tsx';
import { FloodBar } from './flood-bar.tsx';
import { NewsPill } from './news-pill.tsx';
import { NothingMatches } from './nothing-matches.tsx';
import { Problem } from './problem.tsx';
import { RowMenu } from './row-menu.tsx';

/** The list of events, or what stands in its place while there is none. */
export function EventsView() {
  return (
    <section class="view">
      <Content />
      <NewsPill />
      <FloodBar />
      <Problem />
      <FirstEventNote />
      <RowMenu />
    </section>
  );
}

function Content() {
  const version = feed.version.value;
  const query = feed.shown.value;
  const { window } = feed;
  const isEmpty = query !== null && version > 0 && window.length === 0 && window.older === null;
  if (query === null && feed.outcome.value.kind === 'failed') return null;
  if (!isEmpty) return <EventTable />;
  return query === '' ? <FirstRun /> : <NothingMatches query={query} />;
}
