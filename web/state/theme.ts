import { computed, effect, signal } from '@preact/signals';

const storageKey = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = signal(system.matches);
const chosen = signal(remembered());

/** Whether the page is dark: as the reader chose, else as the system is. */
export const isDark = computed(() => (chosen.value === null ? isSystemDark.value : chosen.value === 'dark'));

/** Changes to the other theme. Back to what the system has, the choice is forgotten, and the page goes with the system again. */
export function toggleTheme(): void {
  const wantsDark = !isDark.peek();
  chosen.value = wantsDark === isSystemDark.peek() ? null : wantsDark ? 'dark' : 'light';
}

system.addEventListener('change', () => {
  isSystemDark.value = system.matches;
});

effect(() => {
  if (chosen.value === null) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen.value;
  remember(chosen.value);
});

function remembered(): 'light' | 'dark' | null {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

/** A browser that keeps nothing (storage blocked) only forgets the choice with the page. */
function remember(value: 'light' | 'dark' | null): void {
  try {
    if (value === null) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, value);
  } catch {
    return;
  }
}
