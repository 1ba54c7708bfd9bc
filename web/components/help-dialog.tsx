import { severities } from '../../src/pipeline/event.ts';
import { isHelpOpen } from '../state/help.ts';
import { search } from '../state/page.ts';
import { goTo } from '../state/view.ts';
import { texts } from '../texts/texts.ts';
import { Dialog } from './dialog.tsx';
import { QueryText } from './query-text.tsx';
import { SeverityGlyph } from './severity-glyph.tsx';

/** Keys, shapes and examples of the query language, each of which can be tried with a click. */
export function HelpDialog() {
  return (
    <Dialog name="help" title={texts.help.title} closeLabel={texts.help.close} isOpen={isHelpOpen}>
      <Keys />
      <Examples />
    </Dialog>
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

function Examples() {
  const tryOut = (query: string): void => {
    isHelpOpen.value = false;
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
