import { slice } from '../bindings.ts';
import type { CodeTool } from '../code-tool.ts';
import { exportValue } from '../name-value.ts';
import { type PlacedSql, plainText } from '../placed-sql.ts';
import { sendRaw } from '../raw-sql.ts';
import { emit, type Run } from '../run.ts';
import { needText, saying } from '../said.ts';
import { type Host, isNothing, native, placedText, type Site, UNDEFINED, type Value } from '../value.ts';
import { BUILDERS } from './builders.ts';

/** node-pg-migrate: `up(pgm)` with its builder and SQL. */
export const nodePgMigrateTool: CodeTool = {
  given: (run) => [builder(run), native('run', () => UNDEFINED)],
  external: (source, path) =>
    source === 'node-pg-migrate' && path[0] === 'PgLiteral'
      ? {
          kind: 'host',
          name: 'PgLiteral',
          make: ([text]) => literalOf(text),
          member: (name) => (name === 'create' ? native(name, ([text]) => literalOf(text)) : undefined),
        }
      : undefined,
};

function literalOf(text: Value | undefined): Host {
  return { kind: 'host', name: 'pgm.func', expression: needText(text, 'an expression') };
}

function builder(run: Run): Host {
  const shorthands = () => {
    const found = exportValue(run, run.main, 'shorthands');
    return found.kind === 'object' ? found : undefined;
  };
  const self: Host = {
    kind: 'host',
    name: 'pgm',
    reaches: true,
    member: (name) => {
      const build = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
      if (build)
        return native(`pgm.${name}`, (args, site) =>
          saying(site, () => {
            build(args, site, shorthands());
            return UNDEFINED;
          }),
        );
      switch (name) {
        case 'sql':
          return native(name, ([text, given], site) => withNames(text, given, site));
        case 'func':
          return native(name, ([text]) => literalOf(text));
        case 'noTransaction':
          return native(name, () => {
            run.transactional = false;
            return UNDEFINED;
          });
        case 'db':
          return {
            kind: 'host',
            name: 'pgm.db',
            reaches: true,
            member: (key) =>
              key === 'query' || key === 'select'
                ? native(key, ([text, given], site) => sendRaw(site, text, given))
                : undefined,
          };
        default:
          return undefined;
      }
    },
  };
  return self;
}

/** `pgm.sql('… {name} …', { name })` puts values in the place of names in braces. */
function withNames(text: Value | undefined, given: Value | undefined, site: Site): Value {
  const written = text && placedText(text);
  if (!written || isNothing(given) || given?.kind !== 'object') return sendRaw(site, text, undefined);
  const parts: PlacedSql[number][] = [];
  let from = 0;
  const whole = plainText(written);
  for (const match of whole.matchAll(/\{(\w+)\}/g)) {
    const value = given.fields.get(match[1] ?? '');
    const said = value && placedText(value);
    if (!value) continue;
    if (!said) return sendRaw(site, value, undefined);
    parts.push(...slice(written, from, match.index), ...said);
    from = match.index + match[0].length;
  }
  emit(site, [...parts, ...slice(written, from, whole.length)]);
  return UNDEFINED;
}
