/** How a part of the text is to be shown on a terminal. */
export type Paint = (text: string, style: Style) => string;
export type Style = keyof typeof CODES;

const CODES = { bold: 1, dim: 2, error: 31, good: 32, warning: 33, note: 36 } as const;

/** ANSI colours, or none at all. */
export function paintWith(color: boolean): Paint {
  return color ? (text, style) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (text) => text;
}
