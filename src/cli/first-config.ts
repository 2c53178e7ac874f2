import type { Chain, Survey } from '../read/chain.ts';
import { WITHOUT_NUMBERS } from '../read/tool/numbered.ts';

/** Where the published schema lies for an editor, in a repository that installs the package. */
const SCHEMA = './node_modules/tablewarden/dist/config.schema.json';

/** A configuration that says what was guessed, so that it can be corrected; undefined where nothing needs saying. */
export function firstConfig({ chains, notFollowed }: Survey, isPackage: boolean): string | undefined {
  const guessed = chains.filter((chain) => chain.dialectGuessed);
  const unordered = notFollowed.filter(({ reason }) => reason.startsWith(WITHOUT_NUMBERS));
  if (guessed.length === 0 && unordered.length === 0) return undefined;
  return [
    ...(isPackage ? [`# yaml-language-server: $schema=${SCHEMA}`] : []),
    '# What Tablewarden cannot know of this repository. Every key is optional.',
    'migrations:',
    ...guessed.flatMap(entry),
    ...unordered.flatMap(({ path, reason }) => [
      `  # ${oneLine(path)} is not followed: ${oneLine(reason)}. If that is the order of their names:`,
      `  # - { path: ${quoted(path)}, tool: numbered, dialect: postgres }`,
    ]),
    '# legacy: # tables that new code should leave alone',
    '#   - { table: old_orders, use: orders, because: orders was rebuilt, since: 2026-01-31 }',
    '',
  ].join('\n');
}

function entry({ id, tool, dialect, dialectReason }: Chain): readonly string[] {
  return [
    `  # a guess: ${oneLine(dialectReason)}`,
    `  - { path: ${quoted(id.replace(/#\w+$/, ''))}, tool: ${tool}, dialect: ${dialect} }`,
  ];
}

/** A path as YAML takes it in braces. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) && !/^[-.]?\d|^(true|false|null|yes|no|on|off|~)$/i.test(path)
    ? path
    : JSON.stringify(path);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
