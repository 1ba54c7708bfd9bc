import { hold } from '../state/page.ts';
import { texts } from '../texts/texts.ts';

export function PauseButton() {
  return (
    <button type="button" class="button pause" aria-keyshortcuts="Space" onClick={() => hold.toggle()}>
      {hold.isStill.value ? texts.hold.resume : texts.hold.pause}
      <kbd>{texts.hold.space}</kbd>
    </button>
  );
}
