const addressPattern = /^[^\s<>@,;\p{Cc}]+@[^\s<>@,;\p{Cc}]+$/u;

/** Whether a mail may be sent to `text`: one bare address, `alerts@example.com`. */
export function isAddress(text: string): boolean {
  return addressPattern.test(text);
}
