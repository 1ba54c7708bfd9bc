import { useEffect, useState } from 'preact/hooks';
import { detail, hold, search, selection, toasts } from '../state/page.ts';
import { Spoken } from '../state/spoken.ts';
import { maxSources, type Toast, type ToastSeverity } from '../state/toast-stack.ts';
import { goTo } from '../state/view.ts';
import { termFor } from '../query/terms.ts';
import { clockText, numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';

/** Trouble that came while the reader could not see it, over the lower right of the view. */
export function Toasts() {
  const shown = toasts.shown.value;
  const hold = (isHeld: boolean) => () => {
    toasts.isHeld.value = isHeld;
  };
  return (
    <section class="toasts" aria-label={texts.toasts.label}>
      <div onPointerEnter={hold(true)} onPointerLeave={hold(false)} onFocusIn={hold(true)} onFocusOut={hold(false)}>
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </div>
      <SpokenToasts severity="error" role="status" />
      <SpokenToasts severity="critical" role="alert" />
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { severity, isGroup, count, source, message, at } = toast;
  return (
    <div class={`toast ${severity}`}>
      <SeverityGlyph severity={severity} />
      <button
        type="button"
        class="tells"
        title={isGroup ? texts.toasts.showAll : texts.toasts.open}
        onClick={open(toast)}
      >
        <span class="said">
          {isGroup ? (
            groupText(toast)
          ) : (
            <>
              <span class="unseen">{texts.severity[severity]} </span>
              <bdi class="source">{source}</bdi>
              {count > 1 && <span class="times">{texts.toasts.times(numberText(count))}</span>}
            </>
          )}
          <time>{clockText(at)}</time>
        </span>
        <span class="message">
          <bdi>{message}</bdi>
        </span>
      </button>
      <button
        type="button"
        class="button plain"
        aria-label={texts.toasts.dismiss}
        onClick={() => toasts.dismiss(toast.id)}
      >
        <Icon name="clear" />
      </button>
    </div>
  );
}

/** One event opens; many become the search. */
function open({ id, isGroup, severity, position }: Toast): () => void {
  return () => {
    toasts.dismiss(id);
    if (!isGroup) {
      selection.clear();
      detail.open(position);
      return;
    }
    goTo('events');
    search.set(termFor('severity', severity, false));
    hold.resume();
  };
}

function groupText({ severity, count, sources }: Toast): string {
  const from = sources < maxSources ? numberText(sources) : `${numberText(sources)}+`;
  return texts.toasts.group[severity](numberText(count), from);
}

/** The newest of one severity for a screen reader, not more often than it can be listened to. */
function SpokenToasts({ severity, role }: { readonly severity: ToastSeverity; readonly role: 'status' | 'alert' }) {
  const [spoken] = useState(() => new Spoken());
  const last = toasts.shown.value.findLast((toast) => toast.severity === severity);
  const text = last === undefined ? '' : spokenText(last);
  useEffect(() => spoken.say(text), [spoken, text]);
  return (
    <p class="unseen" role={role}>
      {spoken.text.value}
    </p>
  );
}

function spokenText(toast: Toast): string {
  if (toast.isGroup) return groupText(toast);
  return `${texts.severity[toast.severity]}, ${toast.source}: ${toast.message}`;
}
