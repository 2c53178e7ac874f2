import type { Dialect } from '../schema/schema.ts';
import type { NamedChain } from './chain.ts';
import { type DialectWord, dialectOfFolder } from './tool/dialect.ts';
import { driverOf, oneOfDrivers, workerOf } from './tool/drivers.ts';
import { guessDialect } from './tool/guess-dialect.ts';
import type { Layout } from './tool/layout.ts';
import type { Draft, Texts, Tool } from './tool/tool.ts';

/** What a tool made of a folder. */
export interface Drafted {
  readonly folder: string;
  readonly tool: Tool;
  readonly draft: Draft;
  readonly named?: NamedChain;
}

/** The migrations of a chain that are read to tell what it is: a few of its first and last. */
export function sampleOf({ migrations }: Draft): readonly string[] {
  const some =
    migrations.length <= 2 * SAMPLE
      ? migrations
      : [...migrations.slice(0, SAMPLE), ...migrations.slice(-SAMPLE)];
  return some.map(({ path }) => path);
}

const SAMPLE = 4;

/** Every file that a draft speaks of. */
export function filesOf({ migrations, leftOut }: Draft): ReadonlySet<string> {
  return new Set([
    ...migrations.flatMap(({ path, downPath }) => (downPath === undefined ? [path] : [path, downPath])),
    ...leftOut.map(({ path }) => path),
  ]);
}

/** A chain's database, what told it, and whether that is a guess. */
interface Told {
  readonly word: DialectWord;
  readonly reason: string;
  readonly guessed: boolean;
  /** Several fit, or none. */
  readonly unclear?: true;
}

/** Tells the database of a chain: the configuration, the tool's own files, the folder's name, its SQL, the drivers around it. */
export function tellDialect(
  layout: Layout,
  { folder, tool, draft, named }: Drafted,
  texts: readonly string[],
  manifests: Texts,
): Told {
  if (named?.dialect)
    return { word: { dialect: named.dialect }, reason: 'named in the configuration', guessed: false };
  if (draft.dialect && !draft.dialect.shared) return { ...draft.dialect, guessed: false };
  const byName = dialectOfFolder(folder);
  if (byName) return { word: byName.word, reason: `the folder ${byName.part}/`, guessed: false };
  const worker = workerOf(layout, folder, manifests);
  if (worker) return { ...worker, guessed: false };
  const guess = guessDialect(tool.isCode ? texts.map(withoutCalls) : texts);
  if (draft.dialect && !speaksForItself(guess)) return { ...draft.dialect, guessed: true };
  const driver = draft.dialect ? undefined : driverOf(layout, folder, manifests);
  if (driver && (tool.isCode || !guess || guess.count <= WEAK || guess.kinds === 1))
    return { ...driver, guessed: true };
  if (guess) return { word: guess.word, reason: `${guess.signs.join(', ')} in its files`, guessed: true };
  const several = oneOfDrivers(layout, folder, manifests);
  if (several) return { ...several, guessed: true, unclear: true };
  const reason = 'nothing in its files speaks for another database';
  return { word: FALLBACK, reason, guessed: true, unclear: true };
}

/** Whether files tell their database better than what is said for several folders: every database takes `integer PRIMARY KEY`. */
function speaksForItself(guess: ReturnType<typeof guessDialect>): boolean {
  return (
    guess !== undefined && (guess.kinds > 1 || guess.signs.some((sign) => !sign.endsWith('PRIMARY KEY')))
  );
}

/** Methods of builders are named alike for every database. */
function withoutCalls(text: string): string {
  return text.replace(/\.\s*\w+\s*\(/g, '(');
}

/** So few words of one database say less than the only driver around; so does one word, which SQLite takes as a type. */
const WEAK = 3;

const FALLBACK: { readonly dialect: Dialect } = { dialect: 'postgres' };
