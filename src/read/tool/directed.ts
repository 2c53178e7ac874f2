import { type Forward, type Line, linesOf, type Notation, onlyPlaces, type Place } from './notation.ts';

/** The lines that part a file into what is run going up and what is not. */
interface Directives {
  /** Before it, nothing is run; undefined: the file starts going up. */
  readonly up?: RegExp;
  readonly down: RegExp;
  /** On the line that opens the part going up, or anywhere before the way down: no transaction around it. */
  readonly alone?: RegExp;
  /** Neither part's end nor SQL: blank. */
  readonly ignored?: RegExp;
  /** Ends a statement that holds semicolons. */
  readonly statementEnd?: RegExp;
  /** What the tool says of a file without an `up` line. */
  readonly missing?: string;
}

/** Reads files whose parts are opened by lines of their own; a part may be opened more than once. */
export function directed(directives: Directives): Notation {
  const { up, down, alone, ignored, statementEnd, missing } = directives;
  return (text): Forward => {
    const kept: (Place & { readonly endsStatement?: boolean })[] = [];
    let forward = up === undefined;
    let opened = forward;
    let transactional: boolean | undefined;
    for (const line of linesOf(text)) {
      const isUp = up?.test(line.text) === true;
      const isDown = down.test(line.text);
      if (isUp || isDown) {
        forward = isUp;
        opened ||= isUp;
      }
      if ((forward || !opened) && alone?.test(line.text)) transactional = false;
      if (!forward || isUp) continue;
      if (statementEnd?.test(line.text)) kept.push({ start: line.start, end: line.end, endsStatement: true });
      else if (!ignored?.test(line.text)) kept.push(whole(line, text));
    }
    const first = { start: 0, end: Math.max(1, text.indexOf('\n')) };
    return {
      text: onlyPlaces(text, kept),
      ...(transactional === undefined ? {} : { transactional }),
      ...(opened || missing === undefined || text.trim() === ''
        ? {}
        : { refused: { ...first, message: missing } }),
    };
  };
}

/** A line with its line break. */
function whole(line: Line, text: string): Place {
  const newline = text.indexOf('\n', line.end);
  return { start: line.start, end: newline < 0 ? text.length : newline + 1 };
}
