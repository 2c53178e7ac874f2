import { ProfileError } from './profile.ts';

/** More documents in one file are no profile. */
const MOST = 100_000;

/** The JSON of a file: one document, one a line (`row_to_json`), or several behind each other (`psql -At`); lists are opened. */
export function readJsonDocuments(text: string): readonly unknown[] {
  const whole = parsed(text);
  const documents = whole === undefined ? behindEachOther(text) : [whole];
  const opened = documents.flatMap((one) => (Array.isArray(one) ? (one as readonly unknown[]) : [one]));
  if (opened.length > MOST) throw new ProfileError(`it has more than ${MOST} entries`);
  return opened;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A document begins on a line of its own, and ends on it or at a bracket that stands at the margin. */
function behindEachOther(text: string): readonly unknown[] {
  const documents: unknown[] = [];
  let begun: string[] = [];
  let first = 1;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (begun.length === 0 && line.trim() === '') continue;
    if (begun.length === 0) first = index + 1;
    begun.push(line);
    if (begun.length > 1 && !/^[\]}]/.test(line)) continue;
    const document = parsed(begun.join('\n'));
    if (document === undefined) continue;
    documents.push(document);
    begun = [];
  }
  if (begun.length > 0) throw new ProfileError(`what begins on line ${first} is no JSON: is it cut off?`);
  return documents;
}
