import { useLayoutEffect, useRef } from 'preact/hooks';
import { copyText } from '../state/clipboard.ts';
import { focusEvents } from '../state/focus.ts';
import { openMenu, type OpenMenu } from '../state/menu.ts';
import { search } from '../state/page.ts';
import { termFor } from '../query/terms.ts';
import { texts } from '../texts/texts.ts';

const fields = ['source', 'severity', 'channel', 'key'] as const;

/** What can be done with the values of a row, by pointer or keys. */
export function RowMenu() {
  const menu = openMenu.value;
  return menu === null ? null : <Menu key={menu.row.position} menu={menu} />;
}

function Menu({ menu }: { readonly menu: OpenMenu }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) show(element.current, menu);
  }, [menu]);
  const { row } = menu;
  const act = (action: () => void) => (): void => {
    close();
    action();
  };
  return (
    <div ref={element} popover="auto" role="menu" class="menu" onToggle={closeWhenHidden} onKeyDown={moveFocus}>
      {fields.map((field) => (
        <div key={field} role="group" class="pair">
          <Item press={act(() => search.add(termFor(field, row[field], false)))}>
            {texts.menu.only(texts.menu.fields[field], row[field])}
          </Item>
          <Item press={act(() => search.add(termFor(field, row[field], true)))}>{texts.menu.without}</Item>
        </div>
      ))}
      <Item press={act(() => void copyText(row.message))}>{texts.menu.copyMessage}</Item>
    </div>
  );
}

interface ItemProps {
  readonly press: () => void;
  readonly children: string;
}

function Item({ press, children }: ItemProps) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={press}>
      {children}
    </button>
  );
}

/** Opens with its corner where it was asked for, but inside of the window. */
function show(element: HTMLElement, { x, y }: OpenMenu): void {
  element.showPopover();
  const margin = 8;
  element.style.left = `${Math.max(margin, Math.min(x, innerWidth - element.offsetWidth - margin))}px`;
  element.style.top = `${Math.max(margin, Math.min(y, innerHeight - element.offsetHeight - margin))}px`;
  element.querySelector<HTMLElement>('[role=menuitem]')?.focus();
}

function close(): void {
  openMenu.value = null;
  focusEvents();
}

function closeWhenHidden(event: { readonly newState: string }): void {
  if (event.newState === 'closed') close();
}

function moveFocus(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const step = stepOf(event.key);
  if (step === 0) return;
  event.preventDefault();
  const at = items.findIndex((item) => item === document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function stepOf(key: string): number {
  if (key === 'ArrowDown' || key === 'ArrowRight' || key === 'j') return 1;
  return key === 'ArrowUp' || key === 'ArrowLeft' || key === 'k' ? -1 : 0;
}
