/** A number that this browser remembers, or null. */
export function rememberedNumber(key: string): number | null {
  try {
    const text = localStorage.getItem(key);
    const value = Number(text);
    return text !== null && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** A browser that keeps nothing (storage blocked) forgets it with the page. */
export function rememberNumber(key: string, value: number): void {
  try {
    localStorage.setItem(key, String(value));
  } catch {
    return;
  }
}
