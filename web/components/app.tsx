import { useEffect } from 'preact/hooks';
import { listenForKeys } from '../state/keys.ts';
import { isListCovered } from '../state/page.ts';
import { view } from '../state/view.ts';
import { texts } from '../texts/texts.ts';
import { AccountDialog } from './account-dialog.tsx';
import { Announcer } from './announcer.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { EventsView } from './events-view.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LogBanner } from './log-banner.tsx';
import { MailBanner } from './mail-banner.tsx';
import { MailsView } from './mails-view.tsx';
import { Overview } from './overview.tsx';
import { PauseButton } from './pause-button.tsx';
import { Rail } from './rail.tsx';
import { RangePicker } from './range-picker.tsx';
import { SearchBox } from './search-box.tsx';
import { Toasts } from './toasts.tsx';

export function App() {
  useEffect(listenForKeys, []);
  return (
    <>
      <Rail />
      <main>
        <h1 class="unseen">{view.value === 'mails' ? texts.mails.title : texts.rail.events}</h1>
        <header class="bar">
          <SearchBox />
          {view.value === 'events' && <RangePicker />}
          {view.value === 'events' && <PauseButton />}
          <ConnectionBadge />
        </header>
        <LogBanner />
        <MailBanner />
        {view.value === 'events' && <Overview />}
        <div class="body">
          <div class="stage" inert={isListCovered()}>
            {view.value === 'mails' ? <MailsView /> : <EventsView />}
            <Toasts />
          </div>
          <DetailPanel />
        </div>
      </main>
      <HelpDialog />
      <AccountDialog />
      <Announcer />
    </>
  );
}
