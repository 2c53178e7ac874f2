import { lineStarts, toSpan } from '../../change/span.ts';
import type { Model } from '../query.ts';
import type { PrismaModel, PrismaSchema } from './schema.ts';

/** The tables that one file of a schema declares. */
export function modelsOf(schema: PrismaSchema, path: string): readonly Model[] {
  const file = schema.files.find((one) => one.path === path);
  if (!file) return [];
  const starts = lineStarts(file.text);
  const span = ({ start, end }: { readonly start: number; readonly end: number }) =>
    toSpan(path, starts, start, end);
  return [...schema.models.values()].flatMap((model): readonly Model[] => {
    if (model.file !== file) return [];
    const columns = [...model.columns.values()].map(({ name, column, type, nullable, ...at }) => ({
      name,
      column,
      type,
      ...(nullable === undefined ? {} : { nullable }),
      span: span(at),
      otherNames: relationsOver(model, column),
    }));
    const otherNames = relationsTo(schema, model);
    const name = model.property ?? model.name;
    return [{ family: 'prisma', name, otherNames, table: model.table, columns, span: span(model.block) }];
  });
}

/** What other models call it: `author`, `posts`. */
function relationsTo(schema: PrismaSchema, model: PrismaModel): readonly string[] {
  const names = [...schema.models.values()].flatMap(({ relations }) =>
    [...relations.values()].flatMap(({ name, target }) => (target === model.name ? name : [])),
  );
  return [...new Set(names)];
}

/** The relations that a column carries: code that goes through them uses it. */
function relationsOver(model: PrismaModel, column: string): readonly string[] {
  return [...model.relations.values()].flatMap(({ name, join }) =>
    join.kind === 'own' && join.columns.includes(column) ? name : [],
  );
}
