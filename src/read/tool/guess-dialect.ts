import type { DialectWord } from './dialect.ts';

interface Guess {
  readonly word: DialectWord;
  /** The words of the SQL that told. */
  readonly signs: readonly string[];
  /** How often such words stand there, and how many different ones. */
  readonly count: number;
  readonly kinds: number;
}

/** Words that one database understands, each worth the same. */
const SIGNS: readonly { readonly word: DialectWord; readonly pattern: RegExp }[] = [
  {
    word: { dialect: 'postgres' },
    pattern:
      /\b(big|small)?serial\b|\bjsonb\b(?!\s*\()|\btimestamptz\b|\btimestamp\s+with(out)?\s+time\s+zone\b|\bcreate\s+extension\b|\bas\s+enum\b|\bplpgsql\b|\bgen_random_uuid\b|\buuid_generate_v4\b|\bbytea\b|\bcitext\b|\btsvector\b|\busing\s+(btree|gin|gist|brin)\b|\bowner\s+to\b|\bpg_catalog\b|\bdo\s+\$|\$\$|\bset\s+not\s+null\b|\bdrop\s+not\s+null\b|\bcharacter\s+varying\b|\bint[248]\b|\brow\s+level\s+security\b|\bindex\s+concurrently\b|\bnot\s+valid\b|\balter\s+type\b|::\s*[a-z]/gi,
  },
  {
    word: { dialect: 'mysql' },
    pattern:
      /\bengine\s*=\s*innodb\b|\bauto_increment\b|\bunsigned\b|\bdatetime\s*\(\d\)|\bon\s+update\s+current_timestamp\b|\btinyint\s*\(\d\)|\b(medium|long|tiny)(text|blob|int)\b|\bcharset\s*=|\bcharacter\s+set\b|\bint\s*\(\d+\)|\bmodify\s+column\b|\bchange\s+column\b|\bvarbinary\b|\bset\s+foreign_key_checks\b/gi,
  },
  {
    word: { dialect: 'sqlite' },
    pattern:
      /\bautoincrement\b|\bwithout\s+rowid\b|\bpragma\s+(foreign_keys|journal_mode|defer_foreign_keys|user_version)\b|\binteger\s+(not\s+null\s+)?primary\s+key\b|\bdatetime\s*\(\s*'now'|\bstrftime\s*\(|\bunixepoch\s*\(|\)\s*strict\s*;|\busing\s+fts5\b|\bcreate\s+virtual\s+table\b|\b(text|blob|integer)\s+default\s+\(/gi,
  },
  {
    word: { dialect: 'duckdb' },
    pattern:
      /\b(hugeint|uhugeint|ubigint|uinteger|usmallint|utinyint)\b|\bstruct\s*\(|\bread_(parquet|csv|json)(_auto)?\s*\(|\bcreate\s+or\s+replace\s+(table|macro)\b|\bcreate\s+(temp\s+)?macro\b|\binstall\s+\w+\s*;|\bload\s+\w+\s*;|\bmap\s*\(\s*\w+\s*,\s*\w+\s*\)|\bunion\s*\(\s*\w+\s+\w+|\bqualify\b|\bduckdb_\w+\s*\(|\btimestamp_(s|ms|ns)\b|\bdefault\s+nextval\s*\(\s*'[^':]*'\s*\)/gi,
  },
  {
    word: { other: 'ClickHouse' },
    pattern:
      /\bengine\s*=?\s*(replicated|shared)?\w*mergetree\b|\bon\s+cluster\b|\blowcardinality\s*\(|\bnullable\s*\(|\bdatetime64\b|\bu?int(8|16|32|64)\b(?<!\bint8)|\bcodec\s*\(|\bengine\s*=\s*(null|kafka|distributed|memory)\b/gi,
  },
  {
    word: { other: 'SQL Server' },
    pattern:
      /\bnvarchar\b|^[ \t]*go[ \t\r]*$|\[dbo\]|\bidentity\s*\(\s*1\s*,\s*1\s*\)|\bdatetime2\b|\buniqueidentifier\b|\bsp_rename\b/gim,
  },
  {
    word: { other: 'Oracle' },
    pattern: /\bvarchar2\b|\bnumber\s*\(\d+(\s*,\s*\d+)?\)|\bsysdate\b|\bclob\b/gi,
  },
];

/** Characters that are looked at in one file. */
const ENOUGH = 100_000;

/** The database whose words stand most often in these texts, comments aside; undefined where none of them tells. */
export function guessDialect(texts: readonly string[]): Guess | undefined {
  const sql = texts.map((text) => withoutComments(text.slice(0, ENOUGH))).join('\n');
  let best: Guess | undefined;
  for (const { word, pattern } of SIGNS) {
    const found = sql.match(pattern) ?? [];
    if (found.length <= (best?.count ?? 0)) continue;
    const all = new Set(found.map((sign) => sign.replace(/\s+/g, ' ').trim().toUpperCase()));
    best = { word, signs: [...all].slice(0, 3), count: found.length, kinds: all.size };
  }
  return best;
}

/** Whether a text makes or alters a table. */
export function makesTables(text: string): boolean {
  return /\b(create\s+(or\s+replace\s+)?(unlogged\s+)?|alter\s+|drop\s+)table\b/i.test(
    withoutComments(text.slice(0, ENOUGH)),
  );
}

/** Comments become a blank. Quotes are not minded: a guess may err on a comment sign within a string. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let line = -1;
  let block = -1;
  for (let at = 0; at < text.length; ) {
    if (line < at) line = indexOrEnd(text, '--', at);
    if (block < at) block = indexOrEnd(text, '/*', at);
    const start = Math.min(line, block);
    kept.push(text.slice(at, start));
    at = line < block ? indexOrEnd(text, '\n', line) : indexOrEnd(text, '*/', block + 2) + 2;
  }
  return kept.join(' ');
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const at = text.indexOf(sign, from);
  return at < 0 ? text.length : at;
}
