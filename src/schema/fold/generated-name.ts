/** Identifiers are at most this many bytes in PostgreSQL. */
const MAX_BYTES = 63;

/**
 * The name that PostgreSQL gives to an object without one: `table_columns_label`, the longer of the first two clipped until
 * it fits, numbered when it is taken (makeObjectName and ChooseRelationName in its indexcmds.c).
 */
export function generatedName(
  first: string,
  second: string,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass++) {
    const name = joined(first, second, pass === 0 ? label : `${label}${pass}`);
    if (!taken(name)) return name;
  }
}

function joined(first: string, second: string, label: string): string {
  const room = MAX_BYTES - Buffer.byteLength(label) - 1 - (second ? 1 : 0);
  let a = Buffer.byteLength(first);
  let b = Buffer.byteLength(second);
  while (a + b > room) {
    if (a > b) a--;
    else b--;
  }
  return [clipped(first, a), clipped(second, b), label].filter(Boolean).join('_');
}

/** The longest beginning of at most so many bytes that ends between characters. */
export function clipped(text: string, bytes = MAX_BYTES): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end--;
  return buffer.toString('utf8', 0, end);
}
