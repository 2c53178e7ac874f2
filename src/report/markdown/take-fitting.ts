/** Parts that there is room for, and how many there is none for. */
export interface Fitted {
  readonly kept: readonly string[];
  readonly left: number;
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Takes parts in their order as long as `room` bytes hold them, each with a line end or two; one that is too large ends it. */
export function takeFitting(parts: readonly string[], room: number): Fitted {
  let used = 0;
  const end = parts.findIndex((part) => {
    used += byteLength(part) + 2;
    return used > room;
  });
  const kept = end < 0 ? parts : parts.slice(0, end);
  return { kept, left: parts.length - kept.length };
}
