type Options = ReadonlyMap<string, string> | undefined;

/** Makers whose SQL type is their name in lower case, or another that does not depend on options. */
const PLAIN: Readonly<Record<'postgres' | 'mysql' | 'sqlite', Readonly<Record<string, string>>>> = {
  postgres: {
    ...own(
      'text integer smallint boolean real json jsonb uuid date inet cidr macaddr macaddr8 bytea point line xml',
    ),
    serial: 'integer',
    smallserial: 'smallint',
    bigserial: 'bigint',
    bigint: 'bigint',
    doublePrecision: 'double precision',
  },
  mysql: {
    ...own(
      'text tinytext mediumtext longtext json date year double real int bigint smallint mediumint tinyint',
    ),
    boolean: 'tinyint(1)',
    serial: 'bigint unsigned',
  },
  sqlite: { ...own('integer real blob numeric text'), int: 'integer' },
};

function own(words: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words.split(' ').map((word) => [word, word]));
}

/** The type in SQL of what a maker of Drizzle's makes; undefined where it is none, or an option is not written out. */
export function sqlType(
  maker: string,
  options: Options,
  dialect: 'postgres' | 'mysql' | 'sqlite',
): string | undefined {
  const option = (name: string) => options?.get(name);
  const isUnknown = [...(options?.values() ?? [])].includes('?');
  const sized = (name: string, size: string | undefined) => (size === undefined ? name : `${name}(${size})`);
  const isSized =
    /^(varchar|char|binary|varbinary|numeric|decimal|timestamp|datetime|time|vector|halfvec|sparsevec|bit|text)$/;
  if (isSized.test(maker) && isUnknown && !/^text$/.test(maker)) return undefined;
  const unsigned = option('unsigned') === 'true' ? ' unsigned' : '';
  const plain = Object.hasOwn(PLAIN[dialect], maker) ? PLAIN[dialect][maker] : undefined;
  if (plain !== undefined && maker !== 'serial' && dialect === 'mysql') return plain + unsigned;
  if (plain !== undefined)
    return dialect === 'sqlite' && maker === 'text' ? sized('text', option('length')) : plain;
  if (dialect === 'sqlite') return undefined;
  switch (maker) {
    case 'varchar':
    case 'char':
      return sized(maker, option('length'));
    case 'binary':
    case 'varbinary':
      return dialect === 'mysql' ? sized(maker, option('length')) : undefined;
    case 'numeric':
    case 'decimal': {
      const [precision, scale] = [option('precision'), option('scale')];
      const size =
        precision === undefined ? undefined : scale === undefined ? precision : `${precision},${scale}`;
      return sized(dialect === 'mysql' ? 'decimal' : 'numeric', size) + unsigned;
    }
    case 'timestamp':
      if (dialect === 'mysql') return sized('timestamp', option('fsp'));
      return sized(option('withTimezone') === 'true' ? 'timestamptz' : 'timestamp', option('precision'));
    case 'time':
      if (dialect === 'mysql') return sized('time', option('fsp'));
      return sized(option('withTimezone') === 'true' ? 'timetz' : 'time', option('precision'));
    case 'datetime':
      return dialect === 'mysql' ? sized('datetime', option('fsp')) : undefined;
    case 'interval':
      return dialect === 'postgres' ? 'interval' : undefined;
    case 'vector':
    case 'halfvec':
    case 'bit':
    case 'sparsevec':
      return dialect === 'postgres' ? sized(maker, option('dimensions')) : undefined;
    default:
      return undefined;
  }
}
