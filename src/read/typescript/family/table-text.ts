import type { QualifiedName } from '../../../schema/name.ts';

/** A table as builders take it in one text. */
export interface TableText {
  readonly table: QualifiedName;
  readonly alias?: string;
}

/** `users`, `app.users`, `users as u`; undefined for what is no name. */
export function tableText(text: string): TableText | undefined {
  const [, written = '', alias] = /^\s*(\S+?)(?:\s+(?:as\s+)?(\S+))?\s*$/i.exec(text) ?? [];
  const names = written.split('.').map((name) => name.replace(/^["`]|["`]$/g, ''));
  if (names.length > 3 || !names.every((name) => /^[A-Za-z_][\w$-]*$/.test(name))) return undefined;
  const name = names.at(-1) ?? '';
  const schema = names.at(-2);
  return {
    table: schema === undefined ? { name } : { schema, name },
    ...(alias === undefined ? {} : { alias: alias.replace(/^["`]|["`]$/g, '') }),
  };
}
