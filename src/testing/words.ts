/** The words of a command line that is written as in a shell; a value is one word whatever is in it, a list its words. */
export function words(
  texts: TemplateStringsArray,
  ...values: readonly (string | readonly string[])[]
): string[] {
  return texts.flatMap((text, i) => [
    ...text.split(' ').filter((word) => word !== ''),
    ...[values[i] ?? []].flat(),
  ]);
}
