import type { Span } from '../../change/span.ts';
import type { Alteration, ObjectKind } from '../alterations.ts';
import { isSameExpression } from '../compare/expression.ts';
import { tableName } from '../lookup.ts';
import { typeText } from '../name.ts';
import type { Routine, Schema, UserType, View } from '../schema.ts';
import { said } from './said.ts';

/** Types, views, functions, sequences that stand by themselves, schemas and extensions. */
export function objectAlterations(before: Schema, after: Schema): readonly Alteration[] {
  const start = startOf(after);
  return [
    ...told('type', before.types, after.types, typeSide),
    ...told('view', before.views, after.views, viewSide, isSameView),
    ...told('function', bySignature(before), bySignature(after), routineSide, isSameRoutine),
    ...told('sequence', loneSequences(before), loneSequences(after), ({ span, ...one }) => ({
      ...{ name: tableName(one), text: '', span },
    })),
    ...told('schema', byName(before.schemas), byName(after.schemas), (name) => ({
      ...{ name, text: '', span: start },
    })),
    ...told('extension', byName(before.extensions), byName(after.extensions), (name) => ({
      ...{ name, text: '', span: start },
    })),
  ];
}

interface PlacedSide {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

function told<T>(
  object: ObjectKind,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  sideOf: (one: T) => PlacedSide,
  isSame?: (a: T, b: T) => boolean,
): readonly Alteration[] {
  const found: Alteration[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [former, now] = [before.get(key), after.get(key)];
    if (former === now) continue;
    const [one, other] = [former && sideOf(former), now && sideOf(now)];
    const own = said(one, other, former && now && isSame ? isSame(former, now) : undefined);
    const span = (other ?? one)?.span;
    if (own && span) found.push({ object, ...own, span });
  }
  return found;
}

function typeSide(type: UserType): PlacedSide {
  const { kind, labels, baseType, checks = [], span } = type;
  const text =
    kind === 'enum'
      ? `ENUM (${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`
      : [
          `${kind.toUpperCase()}${baseType ? ` ${typeText(baseType)}` : ''}`,
          ...checks.map((check) => `CHECK (${check})`),
        ].join(' ');
  return { name: tableName(type), text, span };
}

function viewSide(view: View): PlacedSide {
  return {
    name: tableName(view),
    text: `${view.materialized ? 'MATERIALIZED ' : ''}${view.query}`,
    span: view.span,
  };
}

function isSameView(a: View, b: View): boolean {
  return a.materialized === b.materialized && isSameExpression(a.query, b.query);
}

function bySignature({ functions }: Schema): ReadonlyMap<string, Routine> {
  return new Map(
    [...functions.values()].flat().map((one) => [JSON.stringify([one.schema, one.name, one.arguments]), one]),
  );
}

function routineSide(one: Routine): PlacedSide {
  const { kind, language, returns, body, span } = one;
  const text = `${kind}${returns === '' ? '' : ` returns ${returns}`} language ${language}: ${body.trim()}`;
  return { name: `${tableName(one)}(${one.arguments.join(', ')})`, text, span };
}

function isSameRoutine(a: Routine, b: Routine): boolean {
  const shape = ({ kind, language, returns }: Routine) => JSON.stringify([kind, language, returns]);
  return shape(a) === shape(b) && isSameExpression(a.body, b.body);
}

/** Those of columns are told by their columns. */
function loneSequences({ sequences }: Schema) {
  return new Map([...sequences].filter(([, { ownedBy }]) => ownedBy === undefined));
}

function byName(names: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map([...names].map((name) => [name, name]));
}

/** Schemas and extensions have no place of their own: they are told where their chain begins. */
function startOf(schema: Schema): Span {
  const [first] = [schema.tables, schema.types, schema.views].flatMap((map) => [...map.values()]);
  return { path: first?.span.path ?? schema.chain, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
