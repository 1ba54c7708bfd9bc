import { hold } from '../state/page.ts';
import { openHelp } from '../state/help.ts';
import { isDark, toggleTheme } from '../state/theme.ts';
import { texts } from '../texts/texts.ts';
import { Icon, type IconName } from './icon.tsx';

/** The views and the few things that belong to the page itself: left on a desk, at the bottom on a phone. */
export function Rail() {
  const dark = isDark.value;
  const isStill = hold.isStill.value;
  return (
    <nav class="rail" aria-label={texts.rail.label}>
      <b class="mark" aria-hidden="true">
        ◆
      </b>
      <a class="item" href="./" aria-current="page" title={texts.rail.events}>
        <Icon name="events" />
        <span>{texts.rail.events}</span>
      </a>
      <RailButton
        class="phone"
        icon={isStill ? 'play' : 'pause'}
        label={isStill ? texts.hold.resume : texts.hold.pause}
        press={() => hold.toggle()}
      />
      <RailButton
        class="low"
        icon={dark ? 'sun' : 'moon'}
        label={dark ? texts.rail.toLight : texts.rail.toDark}
        short={dark ? texts.rail.light : texts.rail.dark}
        press={toggleTheme}
      />
      <RailButton icon="help" label={texts.rail.help} short={texts.rail.helpShort} press={openHelp} />
    </nav>
  );
}

interface RailButtonProps {
  readonly class?: string;
  readonly icon: IconName;
  readonly label: string;
  readonly short?: string;
  readonly press: () => void;
}

function RailButton({ class: extra = '', icon, label, short = label, press }: RailButtonProps) {
  return (
    <button type="button" class={`item ${extra}`} title={label} aria-label={label} onClick={press}>
      <Icon name={icon} />
      <span>{short}</span>
    </button>
  );
}
