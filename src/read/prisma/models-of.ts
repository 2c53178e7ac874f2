import { lineStarts, toSpan } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { Model } from '../query.ts';
import { keysOf } from './keys-of.ts';
import type { PrismaModel, PrismaSchema } from './schema.ts';
import { storedColumn } from './stored.ts';

const DIALECTS: readonly Dialect[] = ['postgres', 'mysql', 'sqlite'];

/** The tables that one file of a schema declares. */
export function modelsOf(schema: PrismaSchema, path: string): readonly Model[] {
  const file = schema.files.find((one) => one.path === path);
  if (!file) return [];
  const starts = lineStarts(file.text);
  const span = ({ start, end }: { readonly start: number; readonly end: number }) =>
    toSpan(path, starts, start, end);
  const dialect = DIALECTS.find((one) => one === schema.database);
  return [...schema.models.values()].flatMap((model): readonly Model[] => {
    if (model.file !== file) return [];
    const columns = [...model.columns.values()].map(({ name, column, type, nullable, field, ...at }) => ({
      name,
      column,
      type,
      ...(nullable === undefined ? {} : { nullable }),
      ...(dialect ? { stored: storedColumn(field, dialect, schema.enums) } : {}),
      span: span(at),
      otherNames: relationsOver(model, column),
    }));
    const otherNames = relationsTo(schema, model);
    const name = model.property ?? model.name;
    const between = [...model.relations.values()].flatMap(({ join }) =>
      join.kind === 'table' ? join.table : [],
    );
    return [
      {
        family: 'prisma',
        name,
        otherNames,
        table: model.table,
        columns,
        keys: keysOf(schema, model, span),
        ...(model.block.kind === 'view' ? { isView: true } : {}),
        ...(dialect ? { dialect } : {}),
        ...(between.length > 0 ? { alongside: between } : {}),
        span: span(model.block),
      },
    ];
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
