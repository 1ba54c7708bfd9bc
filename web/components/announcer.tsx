import { feed } from '../state/page.ts';
import { texts } from '../texts/texts.ts';

/** Tells a screen reader when the connection is lost or back, and nothing in between: a countdown would never stop talking. */
export function Announcer() {
  const isLost = feed.connection.lostAt.value !== null;
  const isLive = feed.connection.isLive.value;
  return (
    <p class="unseen" role="status">
      {isLost ? texts.announce.lost : isLive ? texts.announce.live : ''}
    </p>
  );
}
