import { openCache } from '../../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../../src/change/from-texts.ts';
import { surveyChains } from '../../../../src/read/find-chains.ts';
import { replay } from '../../../../src/read/replay.ts';
import type { Dialect } from '../../../../src/schema/schema.ts';

/** The one chain of some files, with what each migration sends as lines: `name:line SQL`, or why it is not known. */
export async function sentBy(files: Readonly<Record<string, string>>, dialect: Dialect = 'postgres') {
  const { chain, migrations } = await replayOf(files, dialect);
  const lines = migrations.flatMap(({ file, source }) =>
    source.statements.map(
      (one) => `${file.name}:${one.span.line} ${one.unread?.message ?? one.notModelled ?? one.text}`,
    ),
  );
  return { chain, lines };
}

/** The one chain of some files, replayed. */
export async function replayOf(files: Readonly<Record<string, string>>, dialect: Dialect = 'postgres') {
  const tree = treeOfTexts('head', new Map(Object.entries(files)));
  const path = Object.keys(files).find((one) => /\d/.test(one)) ?? '';
  const named = [{ path: path.slice(0, path.lastIndexOf('/')), dialect }];
  const { chains } = await surveyChains(tree, named);
  const [chain, second] = chains;
  if (!chain || second) throw new Error(`${chains.length} chains: ${chains.map(({ id }) => id).join(', ')}`);
  const replayed = await replay(chain, tree, openCache(undefined), 'sources');
  return { chain, ...replayed };
}

/** The text of a file at the spans of a migration's operations: `kind: text`. */
export async function placesIn(files: Readonly<Record<string, string>>, dialect: Dialect = 'postgres') {
  const { migrations } = await replayOf(files, dialect);
  return migrations.flatMap(({ file, source }) => {
    const lines = (files[file.path] ?? '').split('\n');
    return source.statements.flatMap(({ operations }) =>
      operations.map(({ kind, span }) => {
        const [first = '', ...rest] = lines.slice(span.line - 1, span.endLine);
        const last = rest.at(-1);
        const text =
          last === undefined
            ? first.slice(span.column - 1, span.endColumn - 1)
            : `${first.slice(span.column - 1)} … ${last.slice(0, span.endColumn - 1).trim()}`;
        return `${kind}: ${text}`;
      }),
    );
  });
}
