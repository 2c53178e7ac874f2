import type { Place, PlacedSql } from '../placed-sql.ts';
import type { Run } from '../run.ts';
import { notSaid, placeOf } from '../said.ts';
import {
  type Host,
  isNothing,
  native,
  plainValue,
  type Site,
  textOfValue,
  UNDEFINED,
  type Value,
} from '../value.ts';

/** What the callback of `createTable` or `alterTable` asks for. */
export interface TableSpec {
  readonly how: 'create' | 'createIfNot' | 'alter';
  readonly name: PlacedSql;
  readonly schema?: PlacedSql;
  readonly columns: readonly ColumnSpec[];
  /** Keys, indexes, drops and renames, in order. */
  readonly steps: readonly TableStep[];
  /** `comment`, `engine`, `charset`, `collate`, `inherits`. */
  readonly settings: ReadonlyMap<string, Value>;
  /** Whether it asks for more where it is not known what runs: `if (isMysql) …`; that is left out. */
  readonly isOpen: () => boolean;
}

export interface ColumnSpec {
  /** As Knex calls it once aliases are gone: `varchar`, `increments`, `bool`. */
  readonly type: string;
  readonly args: readonly Value[];
  /** Of `unsigned`, `nullable`, `defaultTo` …, their arguments and places. */
  readonly modifiers: ReadonlyMap<string, { readonly args: readonly Value[]; readonly place: Place }>;
  readonly place: Place;
  /** The options of `.alter()`, where it is called. */
  readonly alter?: { readonly options: Value };
}

export interface TableStep {
  readonly method: string;
  readonly args: readonly Value[];
  /** As far as the calls go that belong to it. */
  place: Place;
  readonly foreign?: ForeignSpec;
}

export interface ForeignSpec {
  column: Value;
  keyName?: Value;
  references?: Value;
  inTable?: Value;
  onDelete?: Value;
  onUpdate?: Value;
  deferrable?: Value;
}

type ForeignStep = TableStep & { readonly foreign: ForeignSpec };

const ALIASES: Readonly<Record<string, string>> = {
  float: 'floating',
  enum: 'enu',
  boolean: 'bool',
  string: 'varchar',
  bigint: 'biginteger',
};

const TYPES = new Set(
  `tinyint smallint mediumint int bigint decimal float double real bit boolean serial date datetime timestamp time year
  geometry geography point char varchar tinytext text mediumtext longtext binary varbinary tinyblob mediumblob blob
  longblob enum set bool increments bigincrements integer biginteger string json jsonb uuid enu specifictype`.split(
    /\s+/,
  ),
);

const STEPS =
  /^(index|primary|unique|dropPrimary|dropPrimaryIfExists|dropUnique|dropUniqueIfExists|dropIndex|dropForeign|dropForeignIfExists|renameColumn|setNullable|dropNullable|dropColumns?|dropChecks)$/;

const MODIFIERS =
  /^(default|defaultsTo|defaultTo|unsigned|nullable|notNull|notNullable|first|after|comment|collate|checkPositive|checkNegative|checkIn|checkNotIn|checkBetween|checkLength|checkRegex|check)$/;

/** The table of a callback, and what it gathers. Steps of it that may not run are gathered nowhere. */
export function tableHost(how: TableSpec['how'], run: Run) {
  const columns: ColumnSpec[] = [];
  const steps: TableStep[] = [];
  const settings = new Map<string, Value>();
  const outside = run.assigned;
  const runs = () => run.assigned === outside;
  let isOpen = false;
  const host: Host = {
    kind: 'host',
    name: 'table',
    reaches: true,
    member: (name) => {
      if (TYPES.has(name.toLowerCase()))
        return native(name, (args, site) => addColumn(name, args, placeOf(site, true)));
      if (name === 'foreign')
        return native(name, ([column, keyName], site) =>
          foreignHost(addForeign(column ?? UNDEFINED, keyName, placeOf(site)), undefined),
        );
      if (name === 'timestamps') return native(name, timestamps);
      if (name === 'dropTimestamps')
        return native(name, ([camel], site) => {
          const isCamel = camel?.kind === 'plain' && camel.value === true;
          const names = isCamel ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at'];
          const args: Value[] = [
            { kind: 'list', items: names.map((text) => ({ kind: 'text', sql: [{ text }] })) },
          ];
          addStep({ method: 'dropColumn', args, place: placeOf(site) });
          return host;
        });
      if (STEPS.test(name) || name === 'check')
        return native(name, (args, site) => {
          addStep({ method: name === 'dropColumns' ? 'dropColumn' : name, args, place: placeOf(site) });
          return host;
        });
      if (/^(comment|engine|charset|collate|inherits)$/.test(name))
        return native(name, ([value]) => {
          if (runs()) settings.set(name, value ?? UNDEFINED);
          return host;
        });
      return name === 'queryContext' ? native(name, () => host) : undefined;
    },
  };

  function addColumn(name: string, args: readonly Value[], place: Place): Host {
    const lower = name.toLowerCase();
    const modifiers = new Map<string, { readonly args: readonly Value[]; readonly place: Place }>();
    const column = {
      type: ALIASES[lower] ?? lower,
      args,
      modifiers,
      place,
      alter: undefined as ColumnSpec['alter'],
    };
    if (runs()) columns.push(column);
    else isOpen = true;
    const isIncrements = column.type.includes('increments');
    const own: Host = {
      kind: 'host',
      name: 'column',
      member: (key) => {
        if (MODIFIERS.test(key))
          return native(key, (given, site) => {
            if (!runs()) isOpen = true;
            else modify(key, given, placeOf(site));
            column.place = { ...column.place, end: placeOf(site).end };
            return own;
          });
        if (key === 'alter')
          return native(key, ([options]) => {
            if (!runs()) isOpen = true;
            else column.alter = { options: options ?? UNDEFINED };
            return own;
          });
        if (/^(index|primary|unique)$/.test(key))
          return native(key, (given, site) => {
            const step = { method: key, args: [args[0] ?? UNDEFINED, ...given], place: placeOf(site) };
            if (!isIncrements) addStep(step);
            return own;
          });
        if (key === 'references')
          return native(key, (given, site) => {
            const step = addForeign(args[0] ?? UNDEFINED, undefined, placeOf(site));
            refer(step.foreign, given[0]);
            return foreignHost(step, own);
          });
        return key === 'queryContext' ? native(key, () => own) : undefined;
      },
    };
    function modify(key: string, given: readonly Value[], at: Place) {
      const isNot = key === 'notNull' || key === 'notNullable';
      const alias = isNot ? 'nullable' : key === 'default' || key === 'defaultsTo' ? 'defaultTo' : key;
      modifiers.set(alias, { args: isNot ? [plainValue(false)] : given, place: at });
    }
    return own;
  }

  function addStep(step: TableStep): void {
    if (runs()) steps.push(step);
    else isOpen = true;
  }

  function addForeign(column: Value, keyName: Value | undefined, place: Place): ForeignStep {
    const foreign: ForeignSpec = { column, ...(isNothing(keyName) ? {} : { keyName }) };
    const step: ForeignStep = { method: 'foreign', args: [], place, foreign };
    addStep(step);
    return step;
  }

  function timestamps([use, toNow, camel]: readonly Value[], site: Site): Value {
    const options = use?.kind === 'object' ? use : undefined;
    const flag = (name: string, value: Value | undefined) => {
      const found = options ? options.fields.get(name) : value;
      if (found?.kind === 'unknown') notSaid(`an argument is not known: ${found.why}`);
      return found?.kind === 'plain' && found.value === true;
    };
    const type = flag('useTimestamps', use) ? 'timestamp' : 'datetime';
    const isCamel = flag('useCamelCase', camel);
    const withNow = flag('defaultToNow', toNow);
    for (const text of isCamel ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at']) {
      const place = placeOf(site);
      addColumn(type, [{ kind: 'text', sql: [{ text, place }] }], place);
      const modifiers = columns.at(-1)?.modifiers as Map<string, { args: readonly Value[]; place: Place }>; // made just now
      if (!withNow || !runs()) continue;
      modifiers.set('nullable', { args: [plainValue(false)], place });
      modifiers.set('defaultTo', {
        args: [{ kind: 'host', name: 'now', expression: [{ text: 'CURRENT_TIMESTAMP' }] }],
        place,
      });
    }
    return UNDEFINED;
  }

  const spec: Omit<TableSpec, 'name'> = { how, columns, steps, settings, isOpen: () => isOpen };
  return { host, spec };
}

/** `references('users.id')` names the table too. */
function refer(spec: ForeignSpec, value: Value | undefined): void {
  const parts = textOfValue(value)?.split('.');
  if (!parts || parts.length === 1) {
    spec.references = value ?? UNDEFINED;
    return;
  }
  const place = value?.kind === 'text' ? value.sql[0]?.place : undefined;
  const part = (text: string): Value => ({
    kind: 'text',
    sql: [{ text, ...(place ? { place: { ...place, offsets: [] } } : {}) }],
  });
  spec.inTable = part(parts[0] ?? '');
  spec.references = part(parts[1] ?? '');
}

/** What follows `references`; after a column, its own members too. */
function foreignHost(step: ForeignStep, column: Host | undefined): Host {
  const { foreign } = step;
  const done = (site: Site): Host => {
    step.place = { ...step.place, end: placeOf(site).end };
    return host;
  };
  const set = (name: 'inTable' | 'onDelete' | 'onUpdate' | 'deferrable' | 'keyName') =>
    native(name, ([value], site) => {
      foreign[name] = value ?? UNDEFINED;
      return done(site);
    });
  const host: Host = {
    kind: 'host',
    name: 'foreign',
    member: (name, at) => {
      if (name === 'references')
        return native(name, ([value], site) => {
          refer(foreign, value);
          return done(site);
        });
      if (name === 'on' || name === 'inTable') return set('inTable');
      if (name === 'onDelete' || name === 'onUpdate' || name === 'deferrable') return set(name);
      if (name === 'withKeyName') return set('keyName');
      return column?.member?.(name, at);
    },
  };
  return host;
}
