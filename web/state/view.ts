import { signal } from '@preact/signals';
import { addressParameter } from './address.ts';

/** What the page shows beside the rail. */
export type View = 'events' | 'mails';

const address = addressParameter('view');

/** The view in force; `?view=` of the page's address. */
export const view = signal(viewOf(address.read()));

/** Goes to another view, as a step of the browser's Back. */
export function goTo(wanted: View): void {
  if (wanted === view.peek()) return;
  address.write(wanted === 'events' ? '' : wanted, true);
  view.value = wanted;
}

address.onMove((text) => {
  view.value = viewOf(text);
});

function viewOf(text: string): View {
  return text === 'mails' ? 'mails' : 'events';
}
