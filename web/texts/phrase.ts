/** A part of a sentence: the page's own words, or a value that stands in one of their places. */
export interface Part {
  readonly text: string;
  readonly isValue: boolean;
}

/** A sentence whose places, as in `To {to}`, are filled. What a value holds is never read as a place. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): readonly Part[] {
  const pieces = sentence.split(/(\{\w+\})/).filter((piece) => piece !== '');
  return pieces.map((piece) => {
    const name = piece.slice(1, -1);
    const isValue = piece.startsWith('{') && Object.hasOwn(values, name);
    return { text: isValue ? (values[name] ?? '') : piece, isValue };
  });
}
