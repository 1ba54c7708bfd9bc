/** Characters that a terminal would obey instead of showing: the controls C0, DEL and C1 (ESC and CSI among them), those
 *  that turn the direction of writing (Trojan Source), and the line ends that Unicode adds. */
const obeyed = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
/** The same but for what `JSON.stringify` has escaped already, and the line end that it never writes. */
const obeyedInJson = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu;

/** Of JSON, each as a whole, so that a backslash of a text is not taken for the beginning of one. */
const escapes = /\\(?:u[0-9a-f]{4}|.)/g;

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/** Text of a stranger as one line that a terminal shows and does not obey: what is dangerous appears as an escape. */
export function plainText(text: string): string {
  return text.replace(obeyed, (character) => shortNames[character] ?? unicodeEscape(character));
}

/** A value as one line of JSON that is safe on a terminal as well, and means the same. */
export function plainJson(value: unknown): string {
  return plainJsonLine(JSON.stringify(value));
}

/** The same for a value that `JSON.stringify` has written already. */
export function plainJsonLine(line: string): string {
  return line.replace(obeyedInJson, unicodeEscape);
}

/** A line of JSON in which what a terminal obeys has become text of the values: to be read by people once it is parsed. Line
 *  ends and tabs stay. */
export function shownInJson(line: string): string {
  return line
    .replace(obeyedInJson, (character) => `\\${unicodeEscape(character)}`)
    .replace(escapes, (escape) => (/^\\(?:u00[01]|[bfr])/.test(escape) ? `\\${escape}` : escape));
}

/** All of them lie in the basic plane. */
function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
