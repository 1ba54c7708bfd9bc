import { useEffect, useRef } from 'preact/hooks';
import { severities } from '../../src/pipeline/event.ts';
import { isHelpOpen } from '../state/help.ts';
import { search } from '../state/page.ts';
import { goTo } from '../state/view.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';
import { QueryText } from './query-text.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';

/** Keys, shapes and examples of the query language, each of which can be tried with a click. */
export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const close = (): void => {
    isHelpOpen.value = false;
  };
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="sheet">
        <h2 id="help-title" tabIndex={-1} autofocus>
          {texts.help.title}
        </h2>
        <button type="button" class="button plain close" aria-label={texts.help.close} onClick={close}>
          <Icon name="clear" />
        </button>
        <Keys />
        <Examples close={close} />
      </div>
    </dialog>
  );
}

function Keys() {
  return (
    <section>
      <h3>{texts.help.keys}</h3>
      <dl>
        {texts.help.keyRows.map(([keys = '', meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h3>{texts.help.severities}</h3>
      <ul class="legend">
        {severities.map((severity) => (
          <li key={severity}>
            <SeverityGlyph severity={severity} />
            {texts.severity[severity]}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Examples({ close }: { readonly close: () => void }) {
  const tryOut = (query: string): void => {
    close();
    goTo('events');
    search.set(query);
  };
  return (
    <section>
      <h3>{texts.help.search}</h3>
      <dl>
        {texts.help.queryRows.map(([query = '', meaning]) => (
          <div key={query}>
            <dt>
              <button type="button" class="example" onClick={() => tryOut(query)}>
                <QueryText query={query} />
              </button>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
