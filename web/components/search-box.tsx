import { useRef } from 'preact/hooks';
import { focusEvents } from '../state/focus.ts';
import { search } from '../state/page.ts';
import { isPhone } from '../state/screen.ts';
import { goTo } from '../state/view.ts';
import { texts } from '../texts/texts.ts';
import { Icon } from './icon.tsx';
import { QueryText } from './query-text.tsx';

/** The query, coloured while it is typed: the input's own letters are transparent and lie over the coloured ones. */
export function SearchBox() {
  const mirror = useRef<HTMLDivElement>(null);
  const draft = search.draft.value;
  const problem = search.problem.value;
  return (
    <search class={problem === null ? 'search' : 'search wrong'}>
      <Icon name="search" />
      <div class="field">
        <div class="mirror" aria-hidden="true">
          <div ref={mirror}>
            <QueryText query={draft} wrongAt={problem === null ? undefined : problem.at} />
          </div>
        </div>
        <input
          id="search"
          type="text"
          value={draft}
          aria-label={texts.search.label}
          aria-invalid={problem !== null}
          aria-describedby="search-problem"
          placeholder={isPhone.value ? texts.search.short : texts.search.placeholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          onInput={(event) => type(event.currentTarget.value)}
          onScroll={(event) => shift(mirror.current, event.currentTarget.scrollLeft)}
          onBlur={() => search.commit()}
          onKeyDown={onKey}
        />
      </div>
      {draft === '' ? <kbd>/</kbd> : <ClearButton />}
      <p id="search-problem" class="message" role="alert" hidden={problem === null}>
        {problem?.message}
      </p>
    </search>
  );
}

/** What is searched for are events, whatever is shown. */
function type(text: string): void {
  goTo('events');
  search.type(text);
}

function ClearButton() {
  return (
    <button type="button" class="button plain" aria-label={texts.search.clear} onClick={() => search.set('')}>
      <Icon name="clear" />
    </button>
  );
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Enter') search.commit();
  if (event.key === 'Escape' || event.key === 'ArrowDown') focusEvents();
  if (event.key === 'ArrowDown') event.preventDefault();
}

function shift(mirror: HTMLElement | null, left: number): void {
  if (mirror !== null) mirror.style.translate = `${-left}px`;
}
