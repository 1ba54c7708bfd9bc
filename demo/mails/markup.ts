import { Eta } from 'eta';

const { escapeFunction } = new Eta().config;

/** Markup that was made here, out of texts that were escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A template whose values are escaped, unless they are markup themselves. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  const parts = strings.map((text, index) => text + markupOf(values[index] ?? ''));
  return new Markup(parts.join(''));
}

function markupOf(value: string | number | Markup | readonly Markup[]): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeFunction(value);
}
