/** A text as a literal of DuckDB's. */
export function textOf(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
}

/** A commit id as a literal; throws for what is none. */
export function shaOf(id: string): string {
  if (!/^[0-9a-f]{40,64}$/.test(id)) throw new Error(`${JSON.stringify(id)} is no commit id`);
  return textOf(id);
}

/** Seconds since 1970 as a TIMESTAMPTZ. */
export function timeOf(seconds: number): string {
  return `to_timestamp(${Math.trunc(seconds)})`;
}
