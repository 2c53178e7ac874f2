import type { CodeTool } from './code-tool.ts';
import { sendRaw } from './raw-sql.ts';
import { hostOf, native, plainValue, UNDEFINED, type Value } from './value.ts';

/** MikroORM: classes that hand over SQL by `this.addSql`. */
export const mikroOrmTool: CodeTool = {
  given: () => [],
  external: (source, path) =>
    /^@mikro-orm\//.test(source) && path[0] === 'raw'
      ? native('raw', ([text]) => text ?? UNDEFINED)
      : undefined,
  inherited: (name) => {
    if (name === 'addSql' || name === 'execute')
      return native(`this.${name}`, ([text, given], site) => sendRaw(site, sqlOf(text), given));
    if (name === 'isTransactional') return native(name, () => plainValue(true));
    return name === 'driver' ||
      name === 'config' ||
      name === 'getEntityManager' ||
      name === 'getKnex' ||
      name === 'ctx'
      ? hostOf(`this.${name}`, {}, { reaches: true })
      : undefined;
  },
  settings: () => ({}),
};

/** SQL as a text, or as a query with its text. */
function sqlOf(value: Value | undefined): Value | undefined {
  return value?.kind === 'object' ? value.fields.get('sql') : value;
}
