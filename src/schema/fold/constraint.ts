import type { ConstraintDefinition } from '../operation.ts';
import type { Constraint, Index, Table } from '../schema.ts';
import { needFunctions } from './default.ts';
import { type Draft, setTable } from './draft.ts';
import { identifier, namesIn, tokensOf } from './expression.ts';
import { childrenOf, current, findColumn } from './find.ts';
import { addForeignKey } from './foreign-key.ts';
import { constraintName, expressionWord } from './generated-name.ts';
import { addKey, keyName } from './key.ts';
import { needIndexable } from './operator-class.ts';
import { Refusal } from './refusal.ts';

type Of<Kind extends ConstraintDefinition['kind']> = Extract<ConstraintDefinition, { kind: Kind }>;

/** Adds a constraint to a table that is in the draft, and to the tables below it; refuses as PostgreSQL does. */
export function addConstraint(draft: Draft, id: number, definition: ConstraintDefinition): Constraint {
  const table = current(draft, id);
  const { name } = definition;
  if (name !== undefined && table.constraints.some((one) => one.name === name))
    throw new Refusal(
      'already exists',
      `constraint "${name}" for relation "${table.name}" already exists`,
      [name, table.name],
      'object',
    );
  switch (definition.kind) {
    case 'primary key':
    case 'unique':
      return addKey(draft, table, definition);
    case 'foreign key':
      return addForeignKey(draft, table, definition);
    case 'check':
      return addCheck(draft, table, definition);
    case 'exclude':
      return addExclusion(draft, table, definition);
  }
}

/** The part of a constraint that its definition gives. */
export function baseOf(definition: ConstraintDefinition, name: string) {
  const { columns, span, deferrable } = definition;
  return { name, columns, span, validated: true, ...(deferrable ? { deferrable } : {}) };
}

function addCheck(draft: Draft, table: Table, definition: Of<'check'>): Constraint {
  for (const name of definition.columns)
    if (!findColumn(draft, table, name) && !/^(tableoid|ctid|[xc]m(in|ax))$/.test(name))
      throw new Refusal('no such column', `column "${name}" does not exist`, [table.name]);
  needFunctions(draft, namesIn(definition.expression).calls);
  const [only = '', ...more] = definition.columns;
  const parts = { table: table.name, columns: more.length > 0 ? '' : only, label: 'check' };
  const name = definition.name ?? constraintName(draft, table.schema, parts);
  const { expression, notValid } = definition;
  const constraint: Constraint = {
    ...baseOf(definition, name),
    kind: 'check',
    expression,
    validated: !notValid,
  };
  setTable(draft, table.id, { ...table, constraints: [...table.constraints, constraint] });
  for (const child of childrenOf(draft, table))
    if (!child.constraints.some((one) => one.name === name)) addCheck(draft, child, { ...definition, name });
  return constraint;
}

function addExclusion(draft: Draft, table: Table, definition: Of<'exclude'>): Constraint {
  const columns =
    definition.columns.length > 0 ? definition.columns : excludedColumns(draft, table, definition);
  const keys = exclusionKeys(draft, table, definition);
  for (const key of keys.columns) {
    const column = key === undefined ? undefined : findColumn(draft, table, key);
    if (column) needIndexable(draft, column.type, definition.method);
  }
  let expression = 0;
  const words = keys.columns.map((key) => key ?? expressionWord(keys.expressions[expression++] ?? ''));
  const name = keyName(draft, table, definition.name, words, 'excl');
  const { method, span } = definition;
  const constraint: Constraint = {
    ...baseOf(definition, name),
    columns,
    kind: 'exclude',
    expression: definition.expression,
  };
  const index: Index = {
    ...indexBehind(constraint, false, method),
    ...keys,
    dependsOn: columns,
    span,
  };
  const constraints = [...table.constraints, constraint];
  setTable(draft, table.id, { ...table, constraints, indexes: [...table.indexes, index] });
  return constraint;
}

/** Columns that an exclusion's elements start with: `room WITH =, during WITH &&`. */
function excludedColumns(draft: Draft, table: Table, { expression }: Of<'exclude'>): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let first = true;
  for (const token of tokensOf(expression)) {
    const name = first ? identifier(token) : undefined;
    if (name !== undefined && findColumn(draft, table, name)) found.push(name);
    first = token === ',' && depth === 0;
    if (token === '(') depth++;
    else if (token === ')') depth--;
  }
  return found;
}

/** The keys of the index behind an exclusion, as `columns` and `expressions` of an index, and its predicate. */
function exclusionKeys(draft: Draft, table: Table, { expression, predicate }: Of<'exclude'>) {
  const columns: (string | undefined)[] = [];
  const expressions: string[] = [];
  for (const element of elementsOf(expression)) {
    const tokens = tokensOf(element);
    const name = identifier(tokens[0]);
    const plain = name !== undefined && tokens[1] !== '(' && findColumn(draft, table, name) !== undefined;
    columns.push(plain ? name : undefined);
    if (!plain) expressions.push(element.replace(/\s+with\s+\S+\s*$/i, '').trim());
  }
  return { columns, expressions, ...(predicate === undefined ? {} : { predicate }) };
}

/** The text between the commas that stand in no brackets. */
function elementsOf(text: string): readonly string[] {
  const elements = [''];
  let depth = 0;
  for (const token of text.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g) ?? []) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    if (token === ',' && depth === 0) elements.push('');
    else elements[elements.length - 1] += token;
  }
  return elements.filter((element) => element.trim() !== '');
}

/** The index that stands behind a constraint. */
export function indexBehind(constraint: Constraint, unique: boolean, method: string): Index {
  const { name, columns, span } = constraint;
  const empty = { expressions: [], dependsOn: [], include: [] };
  return {
    name,
    columns,
    ...empty,
    method,
    unique,
    valid: true,
    constraintName: name,
    madeBy: 'constraint',
    span,
  };
}
