/** The text of one `.prisma` file as its blocks. Offsets are UTF-16 units of the file. */
export interface PrismaText {
  readonly blocks: readonly Block[];
  /** The first thing that could not be read; the blocks without such a thing are there all the same. */
  readonly trouble?: { readonly reason: string; readonly offset: number };
}

/** `model User { … }`, and the other kinds of block. */
export interface Block {
  readonly kind: 'model' | 'view' | 'type' | 'enum' | 'datasource' | 'generator';
  readonly name: string;
  /** From its first word to its closing brace. */
  readonly start: number;
  readonly end: number;
  /** Fields of a model, settings of a datasource or generator; labels of an enum have no type. */
  readonly fields: readonly Field[];
  /** `@@map("users")`, without its `@@`. */
  readonly attributes: readonly Attribute[];
}

/** One line of a block. */
export interface Field {
  readonly name: string;
  /** `String`, `User`, `Unsupported("tsvector")`; empty for a setting or a label. */
  readonly type: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  readonly attributes: readonly Attribute[];
  /** What a setting is set to. */
  readonly value?: Value;
  readonly start: number;
  readonly end: number;
}

/** `@map("email_address")`, `@db.VarChar(255)`: its name without `@`. */
export interface Attribute {
  readonly name: string;
  readonly args: readonly Argument[];
}

/** `fields: [userId]`; without a name where it is known by its place. */
export interface Argument {
  readonly name?: string;
  readonly value: Value;
}

/** What stands behind a name: text in quotes, a list, or a word with what follows it in brackets. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'word'; readonly word: string; readonly args: readonly Argument[] };

/** The value that an attribute is given under a name, or else at its first place. */
export function argumentOf(attribute: Attribute | undefined, name: string): Value | undefined {
  const named = attribute?.args.find((one) => one.name === name);
  return (named ?? attribute?.args.find((one) => one.name === undefined))?.value;
}

/** The text of a value in quotes. */
export function textIn(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? value.text : undefined;
}

/** The words of a list, or the one word: `[userId, teamId(sort: Desc)]` → `userId`, `teamId`. */
export function wordsIn(value: Value | undefined): readonly string[] {
  if (value?.kind === 'word') return [value.word];
  return value?.kind === 'list' ? value.items.flatMap(wordsIn) : [];
}
