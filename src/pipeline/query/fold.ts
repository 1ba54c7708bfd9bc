const notAscii = /[^\0-\x7f]/;

/** The text with its case gone, for comparing: a text, its capitals and its small letters all fold to the same, and
 *  folding again changes nothing. `STRASSE` meets `straße`, `ΟΔΟΣ` meets `οδος`. Accents stay, `é` and `e` are two
 *  letters however each is encoded (NFC), and so are `İ` and `i`; but `ı` meets `i`, since both have the capital `I`.
 *  SQL calls this function too, so that memory and the log cannot disagree. */
export function fold(text: string): string {
  if (!notAscii.test(text)) return text.toLowerCase();
  // There and back, because some letters share a capital (ſ and s) or grow into two (ß), and ẞ only has a small
  // letter that does. A final sigma depends on its neighbours, which a part of a text does not have.
  const small = text.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return small.replaceAll('ς', 'σ').normalize('NFC');
}
