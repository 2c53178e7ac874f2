/** A name as SQL wrote it, already folded to the dialect's case; `schema` is absent where SQL left it out. */
export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

/** A column type: canonical lower-case name without arguments (`varchar`, `numeric`, `int4` as `integer`), and its arguments. */
export interface TypeName {
  /** Schema of a user-defined type, where written. */
  readonly schema?: string;
  readonly name: string;
  /** `varchar(20)` → ['20'], `numeric(10,2)` → ['10', '2']. */
  readonly arguments: readonly string[];
  /** Number of array dimensions; 0 for a scalar. */
  readonly dimensions: number;
}

/** The canonical text of a type, as facts and messages show it: `varchar(20)`, `text[]`, `app.mood`. */
export function typeText(type: TypeName): string {
  const name = type.schema ? `${type.schema}.${type.name}` : type.name;
  const args = type.arguments.length > 0 ? `(${type.arguments.join(',')})` : '';
  return name + args + '[]'.repeat(type.dimensions);
}

/** `schema.name`, or the name alone where no schema was written. */
export function nameText(name: QualifiedName): string {
  return name.schema ? `${name.schema}.${name.name}` : name.name;
}
