import { logHealth } from '../state/log-health.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

/** Says on every view that the log takes no events, and why. */
export function LogBanner() {
  const health = logHealth.value;
  if (health === null || health.state === 'ok') return null;
  return (
    <div class="banner" role="status">
      <Icon name="warning" />
      <p>
        <b>{texts.log[health.state]}</b> {health.reason !== null && <bdi>{health.reason}.</bdi>}{' '}
        <span class="advice">{texts.log.isRead}</span>
      </p>
    </div>
  );
}
