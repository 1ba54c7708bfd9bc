/** Puts the keyboard into the search box, with all of its text selected. */
export function focusSearch(): void {
  const input = document.getElementById('search');
  if (input instanceof HTMLInputElement) input.select();
}

/** Puts the keyboard on the list. */
export function focusEvents(): void {
  const list = document.getElementById('events');
  if (list === null) (document.activeElement as HTMLElement | null)?.blur();
  else list.focus({ preventScroll: true });
}
