import type { SubscriptionStatus } from '../../src/client/subscription.ts';
import { feed } from '../state/page.ts';
import { useSecondsUntil } from './use-seconds-until.ts';
import { texts } from '../texts/texts.ts';
import { numberText } from '../texts/formats.ts';

/** Nothing is followed before the first page is read. */
const notBegun = { state: 'closed', code: '', reason: '' } as const;

/** Whether the page is live, and if not, when it tries again. */
export function ConnectionBadge() {
  const hasBegun = feed.shown.value !== null || feed.outcome.value.kind === 'loading';
  const status = hasBegun ? feed.connection.status.value : notBegun;
  return (
    <div class={`connection ${status.state}`} title={'reason' in status ? status.reason : ''}>
      <i class="dot" />
      {status.state === 'waiting' ? <Reconnecting retryAt={status.retryAt} /> : <span>{labelOf(status)}</span>}
    </div>
  );
}

function Reconnecting({ retryAt }: { readonly retryAt: number }) {
  const seconds = useSecondsUntil(retryAt);
  return (
    <>
      <span>{texts.connection.reconnecting(numberText(seconds))}</span>
      <button
        type="button"
        class="button small"
        title={texts.connection.tryNow}
        onClick={() => feed.connection.retryNow()}
      >
        {texts.connection.now}
      </button>
    </>
  );
}

function labelOf(status: Exclude<SubscriptionStatus, { state: 'waiting' }>): string {
  switch (status.state) {
    case 'connecting':
      return texts.connection.connecting;
    case 'catching_up':
      return texts.connection.catchingUp;
    case 'live':
      return texts.connection.live;
    case 'closed':
      if (status.code === 'unauthorized') return texts.connection.unauthorized;
      return status.code === 'forbidden' ? texts.connection.forbidden : texts.connection.closed;
  }
}
