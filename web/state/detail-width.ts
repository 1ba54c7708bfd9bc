import { computed, signal } from '@preact/signals';
import { rememberedNumber, rememberNumber } from './remembered.ts';

const storageKey = 'detail-width';
const windowWidth = signal(innerWidth);
const chosen = signal(rememberedNumber(storageKey) ?? 384);

export const leastDetailWidth = 320;
/** The list keeps the larger part of what the rail leaves. */
export const mostDetailWidth = computed(() => Math.max(leastDetailWidth, Math.floor(windowWidth.value * 0.55)));

/** Pixels that the panel takes, remembered by the browser; less while the window has no room for it. */
export const detailWidth = computed(() => within(chosen.value));

export function setDetailWidth(width: number): void {
  chosen.value = within(width);
  rememberNumber(storageKey, chosen.peek());
}

function within(width: number): number {
  return Math.round(Math.max(leastDetailWidth, Math.min(width, mostDetailWidth.value)));
}

addEventListener('resize', () => {
  windowWidth.value = innerWidth;
});
