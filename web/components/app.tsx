import { useEffect } from 'preact/hooks';
import { listenForKeys } from '../state/keys.ts';
import { texts } from '../texts/texts.ts';
import { Announcer } from './announcer.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { EventsView } from './events-view.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { Overview } from './overview.tsx';
import { PauseButton } from './pause-button.tsx';
import { Rail } from './rail.tsx';
import { RangePicker } from './range-picker.tsx';
import { SearchBox } from './search-box.tsx';

export function App() {
  useEffect(listenForKeys, []);
  return (
    <>
      <Rail />
      <main>
        <h1 class="unseen">{texts.rail.events}</h1>
        <header class="bar">
          <SearchBox />
          <RangePicker />
          <PauseButton />
          <ConnectionBadge />
        </header>
        <Overview />
        <EventsView />
      </main>
      <HelpDialog />
      <Announcer />
    </>
  );
}
