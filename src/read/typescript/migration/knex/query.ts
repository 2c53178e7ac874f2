import type { Dialect } from '../../../../schema/schema.ts';
import { joined, type PlacedSql, sql } from '../placed-sql.ts';
import { equals, insertSql, rowValue, updateSql, whereSql } from '../rows.ts';
import { emitBuilt, notKnown } from '../run.ts';
import { need, needText, notSaid, placeOf, saying } from '../said.ts';
import {
  type Host,
  isNothing,
  native,
  placedText,
  type Site,
  textOfValue,
  textValue,
  unknown,
  type Value,
} from '../value.ts';
import { columnSql, wrap } from './wrap.ts';

interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly site: Site;
}

/** `knex('table')`: its calls are kept; what they write is sent when it is waited for. */
export function queryHost(table: Value | undefined, start: Site): Host {
  const calls: Call[] = [];
  let done = false;
  const self: Host = {
    kind: 'host',
    name: 'a query',
    isPending: () => !done && calls.some(({ name }) => WRITES.test(name)),
    settle: () => {
      if (!done) finish(table, calls, start);
      done = true;
      return unknown('a query gives it');
    },
    member: (name) =>
      /^(then|catch|finally)$/.test(name)
        ? undefined
        : native(name, (args, site) => {
            calls.push({ name, args, site });
            return self;
          }),
  };
  return self;
}

const WRITES = /^(insert|update|del|delete|truncate|increment|decrement|upsert|batchInsert)$/;
const AROUND = /^(returning|transacting|debug|timeout|onConflict|ignore|merge|into|from|table)$/;

function finish(table: Value | undefined, calls: readonly Call[], start: Site): void {
  const write = calls.find(({ name }) => WRITES.test(name));
  if (!write) return; // it only reads
  const { run } = start;
  const before = run.out.length;
  saying(write.site, () => {
    const text = statement(table, calls, write, run.dialect);
    emitBuilt(run, placeOf(write.site), text);
    return undefined;
  });
  const last = run.out.at(-1);
  if (run.out.length > before && last?.kind === 'not known') {
    run.out.pop();
    notKnown(write.site, last.why, true);
  }
}

function statement(
  table: Value | undefined,
  calls: readonly Call[],
  write: Call,
  dialect: Dialect,
): PlacedSql {
  const into = calls.find(({ name }) => /^(into|from|table)$/.test(name))?.args[0];
  const [first, second] = write.args;
  const isBatch = write.name === 'batchInsert';
  const name = wrap(needText(isBatch ? first : (table ?? into), 'the name of the table'), dialect);
  const quote = (one: PlacedSql) => wrap(one, dialect);
  const where = condition(calls, write, dialect);
  switch (write.name) {
    case 'insert':
    case 'batchInsert': {
      const made = insertSql(
        name,
        need(isBatch ? second : first, 'the rows') ?? notSaid('the rows are left out'),
        dialect,
        quote,
      );
      return sql`${made}${onConflict(calls, dialect)}`;
    }
    case 'update': {
      const pair = textOfValue(first);
      const values: Value | undefined =
        pair !== undefined && second ? { kind: 'object', fields: new Map([[pair, second]]) } : first;
      return updateSql(name, need(values, 'what is written'), where, dialect, quote);
    }
    case 'del':
    case 'delete':
      return sql`delete from ${name}${where ? sql` where ${where}` : []}`;
    case 'truncate':
      return dialect === 'sqlite' ? sql`delete from ${name}` : sql`truncate ${name}`;
    default:
      return notSaid(`what ${write.name} does is not followed`);
  }
}

function onConflict(calls: readonly Call[], dialect: Dialect): PlacedSql {
  const conflict = calls.find(({ name }) => name === 'onConflict');
  if (!conflict) return [];
  if (!calls.some(({ name }) => name === 'ignore') || dialect === 'mysql')
    return notSaid('what it does on a conflict is not followed');
  const [target] = conflict.args;
  const columns = isNothing(target) ? [] : target?.kind === 'list' ? target.items : target ? [target] : [];
  const listed = columns.map((one) => columnSql(one, dialect) ?? notSaid('a column is not known'));
  return listed.length > 0
    ? sql` on conflict (${joined(listed, ', ')}) do nothing`
    : sql` on conflict do nothing`;
}

/** The condition of `where` and its like; anything else beside the write is not followed. */
function condition(calls: readonly Call[], write: Call, dialect: Dialect): PlacedSql | undefined {
  const parts = calls.flatMap((call) => {
    if (call === write || AROUND.test(call.name)) return [];
    return [part(call, dialect)];
  });
  if (parts.length === 0) return undefined;
  return parts.flatMap(({ text, isOr }, index) =>
    index === 0 ? text : [{ text: isOr ? ' or ' : ' and ' }, ...text],
  );
}

function part({ name, args }: Call, dialect: Dialect): { readonly text: PlacedSql; readonly isOr: boolean } {
  const match = /^(and|or)?where(Not)?(Null|In|Raw|Between)?$/i.exec(name);
  if (!match) return notSaid(`${name} is not followed`);
  const isOr = /^or/i.test(name);
  const isNot = match[2] !== undefined;
  const kind = match[3]?.toLowerCase();
  const [first, second, third] = args;
  const column = () => (first && columnSql(first, dialect)) ?? notSaid('a column is not known');
  const text = (): PlacedSql => {
    if (kind === 'null') return sql`${column()} is ${isNot ? 'not ' : ''}null`;
    if (kind === 'raw')
      return isNothing(second) ? needText(first, 'a condition') : notSaid('values are put in when it runs');
    if (kind === 'in') {
      if (second?.kind !== 'list') return notSaid('the list of a condition is not known');
      const items = joined(
        second.items.map((item) => rowValue(item, dialect)),
        ', ',
      );
      return sql`${column()} ${isNot ? 'not ' : ''}in (${items})`;
    }
    if (kind === 'between') return notSaid('BETWEEN is not followed');
    const plain = (): PlacedSql => {
      if (args.length === 1)
        return first?.kind === 'function'
          ? notSaid('a condition is built by code')
          : whereSql(first ?? textValue(''), dialect, (one) => wrap(one, dialect));
      if (args.length === 2 && second) return equals(column(), second, dialect);
      const operator = second && placedText(second);
      if (!operator || !third) return notSaid('a condition is not known');
      return sql`${column()} ${operator} ${rowValue(third, dialect)}`;
    };
    return isNot ? sql`not (${plain()})` : plain();
  };
  return { text: text(), isOr };
}
