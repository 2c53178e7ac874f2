/** A place in a file by UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** What of a file its tool runs going up. */
export interface Forward {
  /** As long as the file, so that positions stay: what is not run going up is blank. */
  readonly text: string;
  /** What a directive says of the transaction around it. */
  readonly transactional?: boolean;
  /** Where the tool stops with an error before it runs anything, and what it says. */
  readonly refused?: Place & { readonly message: string };
}

/** How a tool's files write both directions and directives. */
export type Notation = (text: string, dialect: string) => Forward;

/** A line of a text, without its line break. */
export interface Line extends Place {
  readonly text: string;
}

/** The lines of a text, in order. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const end = newline < 0 ? text.length : text.charAt(newline - 1) === '\r' ? newline - 1 : newline;
    lines.push({ start, end: Math.max(start, end), text: text.slice(start, Math.max(start, end)) });
    start = next;
  }
  return lines;
}

/** The text with everything blank but these places, which are in order; a place that ends a statement is a semicolon. */
export function onlyPlaces(
  text: string,
  places: readonly (Place & { readonly endsStatement?: boolean })[],
): string {
  let at = 0;
  let kept = '';
  for (const { start, end, endsStatement } of places) {
    kept += blank(text.slice(at, start));
    kept += endsStatement ? `;${blank(text.slice(start + 1, end))}` : text.slice(start, end);
    at = end;
  }
  return kept + blank(text.slice(at));
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
