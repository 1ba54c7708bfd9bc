/** `read` with its last answer kept, since the terms of a query ask in turn for the same text of the same record. */
export function rememberLast<Input, Output>(read: (input: Input) => Output): (input: Input) => Output {
  let last: { readonly input: Input; readonly output: Output } | undefined;
  return (input) => {
    if (last?.input !== input) last = { input, output: read(input) };
    return last.output;
  };
}
