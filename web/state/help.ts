import { signal } from '@preact/signals';

/** Whether the page of keys and search examples is open. */
export const isHelpOpen = signal(false);

export function openHelp(): void {
  isHelpOpen.value = true;
}
