import { en, type Texts } from './en.ts';
import { es } from './es.ts';

const catalogues: Readonly<Record<string, Texts>> = { en, es };

/** The first of the reader's languages that the page speaks, else English. */
export const language = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in catalogues) ?? 'en';

export const texts: Texts = catalogues[language] ?? en;
