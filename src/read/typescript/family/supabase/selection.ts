/** One entry of `select('id, author:users!inner(name), data->>city')`; offsets are those of the text. */
export interface Selected {
  /** What follows an entry's alias: a column, a table, `*`, or a foreign key. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly alias?: string;
  /** `users!author_id(…)`: the foreign key or its column. */
  readonly hint?: string;
  /** Set where it is another table. */
  readonly inner?: readonly Selected[];
}

/** Reads the text that a select is given. https://docs.postgrest.org/en/stable/references/api/resource_embedding.html */
export function parseSelection(text: string): readonly Selected[] {
  const reader = { text, at: 0 };
  return readList(reader, 0);
}

interface Reader {
  readonly text: string;
  at: number;
}

const ENTRY =
  /\s*(?:\.\.\.)?(?:\s*([\w$]+)\s*:(?!:))?\s*("[^"]+"|[\w$*]+)(?:!([\w$]+))?(?:!(?:inner|left))?((?:->>?['"]?[\w$ ]+['"]?)*)((?:\.\w+\(\))?)((?:::\w+)?)\s*/y;

const DEEPEST = 30;

function readList(reader: Reader, depth: number): readonly Selected[] {
  const found: Selected[] = [];
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    const entry = readEntry(reader, depth);
    if (entry) found.push(entry);
    else {
      // what is not understood is passed over, up to the next entry
      reader.at++;
      while (reader.at < reader.text.length && !/[,()]/.test(reader.text[reader.at] ?? '')) reader.at++;
    }
    if (reader.text[reader.at] === ',') reader.at++;
  }
  return found;
}

function readEntry(reader: Reader, depth: number): Selected | undefined {
  ENTRY.lastIndex = reader.at;
  const match = ENTRY.exec(reader.text);
  if (!match) return undefined;
  const [whole, alias, written = '', first] = match;
  const hint = first === 'inner' || first === 'left' ? undefined : first;
  const start = match.index + whole.indexOf(written, alias === undefined ? 0 : whole.indexOf(':'));
  reader.at = match.index + whole.length;
  const named = {
    name: written.replaceAll('"', ''),
    start,
    end: start + written.length,
    ...(alias === undefined ? {} : { alias }),
    ...(hint === undefined ? {} : { hint }),
  };
  if (reader.text[reader.at] !== '(' || depth > DEEPEST) return named;
  reader.at++;
  const inner = readList(reader, depth + 1);
  if (reader.text[reader.at] === ')') reader.at++;
  return { ...named, inner };
}
