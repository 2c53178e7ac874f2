/** Text of one line, already plain, as code within Markdown; as inert HTML where it holds what may not stand in backticks there. */
export function codeSpan(text: string, unfit: RegExp): string {
  if (text !== '' && !unfit.test(text)) return `\`${text}\``;
  const inert = text.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${character.codePointAt(0)};`);
  return `<code>${inert}</code>`;
}
