import { feed, hold } from '../state/page.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';

/** Counts what waits while the list holds still, and shows it when pressed. */
export function NewsPill() {
  const { total, critical } = feed.waiting.value;
  if (!hold.isStill.value || (total === 0 && !feed.window.isCut)) return null;
  const text = total === 0 ? texts.hold.newest : texts.hold.waiting(numberText(total), numberText(critical));
  return (
    <button type="button" class="pill" title={texts.hold.resumeLabel} onClick={() => hold.resume()}>
      <Icon name="up" />
      {text}
    </button>
  );
}
