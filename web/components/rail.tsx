import { isAccountOpen, session } from '../state/access.ts';
import { hold } from '../state/page.ts';
import { openHelp } from '../state/help.ts';
import { goTo, view, type View } from '../state/view.ts';
import { isDark, toggleTheme } from '../state/theme.ts';
import { texts } from '../texts/texts.ts';
import { Icon, type IconName } from './icon.tsx';

/** The views and the few things that belong to the page itself: left on a desk, at the bottom on a phone. */
export function Rail() {
  const dark = isDark.value;
  const isStill = hold.isStill.value;
  const standing = session.standing.value;
  return (
    <nav class="rail" aria-label={texts.rail.label}>
      <b class="mark" aria-hidden="true">
        ◆
      </b>
      <ViewLink to="events" href="./" label={texts.rail.events} />
      <ViewLink to="mails" href="./?view=mails" label={texts.mails.rail} />
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
      {standing.kind === 'in' && standing.isRequired && (
        <RailButton icon="account" label={texts.account.rail} press={() => (isAccountOpen.value = true)} />
      )}
      <RailButton icon="help" label={texts.rail.help} short={texts.rail.helpShort} press={openHelp} />
    </nav>
  );
}

interface ViewLinkProps {
  readonly to: View;
  readonly href: string;
  readonly label: string;
}

/** A link, so that a view opens in another tab too; here it changes the view without loading the page again. */
function ViewLink({ to, href, label }: ViewLinkProps) {
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a class="item" href={href} title={label} aria-current={view.value === to ? 'page' : undefined} onClick={go}>
      <Icon name={to} />
      <span>{label}</span>
    </a>
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
