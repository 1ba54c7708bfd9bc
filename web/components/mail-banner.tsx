import { email, pauseReason } from '../state/email.ts';
import { goTo, view } from '../state/view.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

/** Says on every view that mails wait, why, and what to do. */
export function MailBanner() {
  const status = email.value;
  if (status?.state !== 'paused') return null;
  const reason = pauseReason.value;
  return (
    <div class="banner" role="status">
      <Icon name="mails" />
      <p>
        <b>{texts.mails.paused}</b> {texts.mails.waiting(numberText(status.pending))}{' '}
        {reason !== '' && (
          <span>
            {texts.mails.pausedReason('')}
            <bdi>{reason}</bdi>.{' '}
          </span>
        )}
        <span class="advice">{texts.mails.pausedAdvice}</span>
      </p>
      {view.value !== 'mails' && (
        <button type="button" class="button small" onClick={() => goTo('mails')}>
          {texts.mails.show}
        </button>
      )}
    </div>
  );
}
