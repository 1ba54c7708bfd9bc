import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { copyText } from '../state/clipboard.ts';
import { fieldsOf, type FieldValue } from '../state/event-fields.ts';
import { search } from '../state/page.ts';
import { goTo } from '../state/view.ts';
import { termFor } from '../query/terms.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Folded } from './folded.tsx';
import { Icon, type IconName } from './icon.tsx';

/** An event may bring thousands of values. */
const shownAtFirst = 60;

/** Every value of the event, to search by, to leave out, or to copy. */
export function DetailFields({ event }: { readonly event: RecordedEvent }) {
  const [isWhole, setWhole] = useState(false);
  const all = fieldsOf(event);
  const shown = isWhole ? all : all.slice(0, shownAtFirst);
  return (
    <section>
      <h3>{texts.detail.fields}</h3>
      <dl class="fields" onKeyDown={moveFocus}>
        {shown.map((field) => (
          <Field key={field.name} field={field} />
        ))}
      </dl>
      {shown.length < all.length && (
        <button type="button" class="fold" onClick={() => setWhole(true)}>
          {texts.detail.moreFields(numberText(all.length - shown.length))}
        </button>
      )}
    </section>
  );
}

/** The first of its buttons is where the keyboard stops; the others have keys there. */
function Field({ field }: { readonly field: FieldValue }) {
  const { name, text, isSearchable } = field;
  const narrow = (exclude: boolean): void => {
    goTo('events');
    search.add(termFor(name, text, exclude));
  };
  const actions = {
    x: () => isSearchable && narrow(true),
    c: () => void copyText(text),
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key === 'x' || event.key === 'c')) return;
    event.preventDefault();
    actions[event.key]();
  };
  const spoken = text.slice(0, 80);
  return (
    <div class="field" onKeyDown={onKey}>
      <dt>
        <bdi>{breakable(name)}</bdi>
      </dt>
      <dd>
        <span class={isSearchable ? 'says searchable' : 'says'} onClick={() => isSearchable && pressed(narrow)}>
          {text === '' ? <i>{texts.detail.empty}</i> : <Folded text={text} characters={240} lines={6} />}
        </span>
        <span class="hands">
          {isSearchable && (
            <Hand icon="only" label={texts.detail.only(name, spoken)} press={() => narrow(false)} isFirst />
          )}
          {isSearchable && <Hand icon="without" label={texts.detail.without(name, spoken)} press={actions.x} />}
          <Hand icon="copy" label={texts.detail.copy(name, spoken)} press={actions.c} isFirst={!isSearchable} />
        </span>
      </dd>
    </div>
  );
}

/** A long path breaks behind its dots. */
function breakable(name: string): ComponentChildren {
  return name.split(/(?<=\.)/).flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]));
}

interface HandProps {
  readonly icon: IconName;
  readonly label: string;
  readonly press: () => void;
  readonly isFirst?: boolean;
}

function Hand({ icon, label, press, isFirst = false }: HandProps) {
  return (
    <button
      type="button"
      class="button plain"
      aria-label={label}
      title={isFirst ? `${label}\n${texts.detail.keys}` : label}
      tabIndex={isFirst ? 0 : -1}
      onClick={press}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A press narrows the search, unless it ended a selection of text, or was on what unfolds a long value. */
function pressed(narrow: (exclude: boolean) => void): void {
  if (getSelection()?.type !== 'Range') narrow(false);
}

function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('.hands [tabindex="0"]')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  stops[Math.max(0, Math.min(at + step, stops.length - 1))]?.focus();
}
