import { computed, signal } from '@preact/signals';

const phone = matchMedia('(max-width: 640px)');

/** Whether the page is as narrow as a phone; the same width as in the style sheets. */
export const isPhone = signal(phone.matches);

/** Pixels of a row: one line, or two on a phone. The style sheets have the same. */
export const rowHeight = computed(() => (isPhone.value ? 56 : 28));

/** Pixels that the names of the columns take from the top of the list. */
export const headHeight = computed(() => (isPhone.value ? 0 : 32));

phone.addEventListener('change', () => {
  isPhone.value = phone.matches;
});
