import { focusEvents, focusSearch } from './focus.ts';
import { openHelp } from './help.ts';
import { openMenuAt } from './menu.ts';
import { detail, feed, hold, place, selection, showChosen } from './page.ts';
import { rowHeight } from './screen.ts';
import { view } from './view.ts';

type Action = () => void;

const move =
  (step: number): Action =>
  () => {
    selection.move(step, Math.ceil(place.top(rowHeight.peek()) / rowHeight.peek()));
    showChosen();
  };
const moveTo =
  (index: () => number): Action =>
  () => {
    selection.moveTo(index());
    showChosen();
  };
const toNewest: Action = () => {
  // The newest row may not be in memory; then following again brings it.
  if (feed.window.isCut) hold.resume();
  else moveTo(() => 0)();
};
const filterByRow: Action = () => {
  const row = selection.row.peek();
  if (row !== null) openMenuAt(row);
};
const readRow: Action = () => {
  const row = selection.row.peek();
  if (row !== null) detail.open(row.position);
};
const leave: Action = () => {
  if (detail.position.peek() !== null) detail.close();
  else selection.clear();
};

const actions: Readonly<Record<string, Action>> = {
  '/': focusSearch,
  j: move(1),
  k: move(-1),
  ArrowDown: move(1),
  ArrowUp: move(-1),
  PageDown: move(20),
  PageUp: move(-20),
  Home: toNewest,
  End: moveTo(() => feed.window.length - 1),
  Enter: readRow,
  f: filterByRow,
  ' ': () => hold.toggle(),
  Escape: leave,
  '?': openHelp,
};

/** The others are about the list. */
const everywhere: ReadonlySet<string> = new Set(['/', '?', 'Escape']);

/** The page's keys, wherever the focus is but in a text, a button or something that lies over the page. Returns how to stop. */
export function listenForKeys(): () => void {
  const listen = (event: KeyboardEvent): void => {
    const action = actions[event.key];
    if (action === undefined || event.defaultPrevented || isTaken(event)) return;
    event.preventDefault();
    action();
    if (event.key !== '/' && event.key !== '?' && !isOverlaid()) focusEvents();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isOverlaid()) return true;
  if (view.peek() !== 'events' && !everywhere.has(event.key)) return true;
  const own =
    event.key === ' ' || event.key === 'Enter' ? 'input, textarea, select, button, a' : 'input, textarea, select';
  return event.target instanceof Element && event.target.closest(own) !== null;
}

function isOverlaid(): boolean {
  return document.querySelector('dialog[open], [popover]:popover-open') !== null;
}
