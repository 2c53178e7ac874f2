/**
 * A value as one line of JSON. Node 24 ends a line at the separators of Unicode too, which JSON leaves as they are:
 * https://github.com/nodejs/node/issues/57591
 */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(/[\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)}\n`;
}
