import { search } from '../state/page.ts';
import { termsOf, withoutTerm } from '../query/terms.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';
import { QueryText } from './query-text.tsx';

/** No event matches: which terms could be left out. */
export function NothingMatches({ query }: { readonly query: string }) {
  const terms = termsOf(query) ?? [];
  const canLoosen = terms.length > 1;
  return (
    <div class="state">
      <h2>{texts.nothing.title}</h2>
      <p>{canLoosen ? texts.nothing.lead : texts.nothing.leadOne}</p>
      {canLoosen && (
        <ul class="terms">
          {terms.map((term, index) => (
            <li key={index}>
              <button
                type="button"
                class="button"
                aria-label={texts.nothing.without(term)}
                onClick={() => search.set(withoutTerm(query, index))}
              >
                <span class="struck">
                  <QueryText query={term} />
                </span>
                <Icon name="clear" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button" onClick={() => search.set('')}>
        {texts.nothing.clear}
      </button>
    </div>
  );
}
