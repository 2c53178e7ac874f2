import { callValue } from '../call.ts';
import type { CodeTool } from '../code-tool.ts';
import { settle } from '../evaluate.ts';
import { hasTable, look } from '../guard.ts';
import { plainText } from '../placed-sql.ts';
import { sendRaw } from '../raw-sql.ts';
import { emit, notKnown } from '../run.ts';
import { saying } from '../said.ts';
import {
  fieldOf,
  type Host,
  hostOf,
  native,
  type Site,
  textValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../value.ts';
import { tableParts } from './attribute.ts';
import { BUILDERS } from './builders.ts';
import { sequelizeHost } from './data-types.ts';
import { ROWS } from './row-methods.ts';

/** Sequelize's command line and Umzug: `up(queryInterface, Sequelize)`. */
export const sequelizeTool: CodeTool = {
  given: () => [queryInterface(), sequelizeHost()],
  external: (source, path) => {
    if (source !== 'sequelize' && source !== 'sequelize-typescript') return undefined;
    const [first, ...rest] = path;
    const whole = sequelizeHost();
    if (first === undefined || first === 'Sequelize' || first === 'DataTypes' || first === 'default')
      return rest.length === 0 ? whole : undefined;
    return undefined;
  },
};

/** The query interface; Umzug hands it over as `context`. */
function queryInterface(): Host {
  const sequelize = sequelizeOf();
  const build = (name: string, onRows: boolean) => {
    const make = (onRows ? ROWS : BUILDERS)[name];
    return native(`queryInterface.${name}`, (args, site) => {
      const before = site.run.out.length;
      saying(site, () => {
        make?.(args, site);
        return UNDEFINED;
      });
      const last = site.run.out.at(-1);
      if (onRows && site.run.out.length > before && last?.kind === 'not known') {
        site.run.out.pop();
        notKnown(site, last.why, true);
      }
      return UNDEFINED;
    });
  };
  const self: Host = {
    kind: 'host',
    name: 'queryInterface',
    reaches: true,
    member: (name) => {
      if (Object.hasOwn(BUILDERS, name)) return build(name, false);
      if (Object.hasOwn(ROWS, name)) return build(name, true);
      switch (name) {
        case 'context':
        case 'queryInterface':
          return self;
        case 'logger': // beside the interface in a context of the project's own
          return { kind: 'host', name, member: (level) => native(`${name}.${level}`, () => UNDEFINED) };
        case 'sequelize':
          return sequelize;
        case 'Sequelize':
        case 'DataTypes':
          return sequelizeHost();
        case 'describeTable':
          return native(name, ([table], site) => described(table, site));
        case 'tableExists':
          return native(name, ([table], site) =>
            asked(site, () => hasTable(site, tableParts(table).name, tableParts(table).schema)),
          );
        case 'showAllTables':
        case 'showIndex':
        case 'getForeignKeyReferencesForTable':
        case 'select':
        case 'rawSelect':
          return native(name, () => unknown('it is asked of the database'));
        default:
          return undefined;
      }
    },
  };
  return self;
}

function sequelizeOf(): Host {
  const self: Host = {
    kind: 'host',
    name: 'queryInterface.sequelize',
    reaches: true,
    member: (name, at) => {
      if (name === 'query')
        return native(name, ([text, options], site) => {
          const given = fieldOf(options, 'replacements') ?? fieldOf(options, 'bind');
          return sendRaw(site, text?.kind === 'object' ? fieldOf(text, 'query') : text, given);
        });
      if (name === 'transaction') return native(name, transaction);
      if (name === 'getDialect') return native(name, (_, { run }) => textValue(run.dialect));
      if (name === 'getQueryInterface') return native(name, () => queryInterface());
      if (name === 'queryInterface') return queryInterface();
      const known = sequelizeHost().member;
      return name === 'QueryTypes' || /^(literal|fn|col|Op|Sequelize)$/.test(name)
        ? known?.(name, at)
        : undefined;
    },
  };
  return self;
}

/** `transaction(async (t) => …)`, or a transaction that code ends itself. */
function transaction(args: readonly Value[], site: Site): Value {
  const work = args.find(({ kind }) => kind === 'function');
  emit(site, [{ text: 'START TRANSACTION' }]);
  const handle = hostOf('transaction', {
    commit: (_, at) => {
      emit(at, [{ text: 'COMMIT' }]);
      return UNDEFINED;
    },
    rollback: () => UNDEFINED,
  });
  if (!work) return handle;
  const result = settle(callValue(work, [handle], site), site);
  emit(site, [{ text: 'COMMIT' }]);
  return result;
}

function asked(site: Site, ask: () => Value): Value {
  let answer: Value = unknown('it is asked of the database');
  saying(site, () => {
    answer = ask();
    return answer;
  });
  return answer;
}

/** What `describeTable` gives: its columns by name. */
function described(table: Value | undefined, site: Site): Value {
  return asked(site, () => {
    const { name, schema } = tableParts(table);
    const found = look(site, name, schema);
    if ('why' in found) return unknown(found.why);
    if (!found.table) return unknown(`there is no table ${plainText(name)}`);
    const fields = found.table.columns.map((one): readonly [string, Value] => [
      one.name,
      { kind: 'object', fields: new Map(), open: 'it is read from the database' },
    ]);
    return { kind: 'object', fields: new Map(fields) };
  });
}
