import type { Argument, Attribute, Block, Field, PrismaText, Value } from './notation.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Reads one `.prisma` file. A block that is broken costs itself only. */
export function parsePrisma(text: string): PrismaText {
  const reader = readerOf(tokensOf(text));
  const blocks: Block[] = [];
  let trouble: PrismaText['trouble'];
  for (;;) {
    reader.skipLines();
    if (reader.now().kind === 'end') return trouble ? { blocks, trouble } : { blocks };
    try {
      const block = readBlock(reader);
      if (block) blocks.push(block);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      trouble ??= { reason: error.message, offset: error.offset };
      reader.skipBlock();
    }
  }
}

/** Ends the reading of a block. */
class Broken extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

type Reader = ReturnType<typeof readerOf>;

function readerOf(tokens: readonly Token[]) {
  const last = tokens[tokens.length - 1] as Token; // a text always has the token of its end
  let at = 0;
  const now = (): Token => tokens[at] ?? last;
  const is = (text: string) => now().kind === 'sign' && now().text === text;
  const expected = (what: string): Broken => {
    const token = now();
    const found =
      token.kind === 'end'
        ? 'the end of the file'
        : token.kind === 'line'
          ? 'the end of the line'
          : token.text;
    return new Broken(`${what} is expected and not ${found}`, token.start);
  };
  const take = (): Token => {
    const token = now();
    at++;
    return token;
  };
  return {
    now,
    is,
    take,
    expected,
    before: () => tokens[at - 1] ?? last,
    word: (what: string): Token => {
      if (now().kind !== 'word') throw expected(what);
      return take();
    },
    sign: (text: string): Token => {
      if (!is(text)) throw expected(`\`${text}\``);
      return take();
    },
    /** Takes a sign if it is there. */
    may: (text: string): boolean => {
      if (!is(text)) return false;
      at++;
      return true;
    },
    skipLines: () => {
      while (now().kind === 'line') at++;
    },
    skipLine: () => {
      while (now().kind !== 'line' && now().kind !== 'end') at++;
    },
    /** On to behind the next closing brace that begins a line. */
    skipBlock: () => {
      for (; now().kind !== 'end'; at++)
        if (is('}') && tokens[at - 1]?.kind === 'line') {
          at++;
          return;
        }
    },
  };
}

const KINDS = /^(model|view|type|enum|datasource|generator)$/;

function readBlock(reader: Reader): Block | undefined {
  const first = reader.word('a block such as `model`');
  if (!KINDS.test(first.text)) throw new Broken(`${first.text} begins no block`, first.start);
  const kind = first.text as Block['kind']; // one of KINDS
  const name = reader.word('a name').text;
  // `type Id = String` of old: another name for a type, not a block
  if (kind === 'type' && reader.is('=')) {
    reader.skipLine();
    return undefined;
  }
  reader.sign('{');
  const fields: Field[] = [];
  const attributes: Attribute[] = [];
  for (;;) {
    reader.skipLines();
    if (reader.is('}')) break;
    if (reader.may('@@')) attributes.push(readAttribute(reader));
    else fields.push(readField(reader, kind));
    if (!reader.is('}') && reader.now().kind !== 'line') throw reader.expected('the end of the line');
  }
  return { kind, name, fields, attributes, start: first.start, end: reader.take().end };
}

function readField(reader: Reader, kind: Block['kind']): Field {
  const { text: name, start } = reader.word('a name');
  if (kind === 'datasource' || kind === 'generator') {
    reader.sign('=');
    const value = readValue(reader);
    return {
      name,
      type: '',
      isList: false,
      isOptional: false,
      attributes: [],
      value,
      start,
      end: endOf(reader),
    };
  }
  const type = kind === 'enum' ? '' : readType(reader);
  const isList = reader.may('[');
  if (isList) reader.sign(']');
  const isOptional = reader.may('?');
  const attributes: Attribute[] = [];
  while (reader.may('@')) attributes.push(readAttribute(reader));
  return { name, type, isList, isOptional, attributes, start, end: endOf(reader) };
}

/** `User`, `Unsupported("tsvector")`; of old `name: User`. */
function readType(reader: Reader): string {
  reader.may(':');
  const name = reader.word('a type').text;
  if (!reader.may('(')) return name;
  const args = readArguments(reader);
  const [first] = args;
  return first?.value.kind === 'text' ? `${name}("${first.value.text}")` : name;
}

function readAttribute(reader: Reader): Attribute {
  const name = reader.word('the name of an attribute').text;
  return { name, args: reader.may('(') ? readArguments(reader) : [] };
}

/** Behind an opening bracket, up to and with the closing one. */
function readArguments(reader: Reader): readonly Argument[] {
  const args: Argument[] = [];
  for (;;) {
    reader.skipLines();
    if (reader.may(')')) return args;
    const value = readValue(reader);
    if (value.kind === 'word' && value.args.length === 0 && reader.may(':')) {
      reader.skipLines();
      args.push({ name: value.word, value: readValue(reader) });
    } else args.push({ value });
    reader.skipLines();
    if (!reader.may(',') && !reader.is(')')) throw reader.expected('`,` or `)`');
  }
}

function readValue(reader: Reader): Value {
  const token = reader.now();
  if (token.kind === 'text') return { kind: 'text', text: reader.take().text };
  if (reader.may('[')) {
    const items: Value[] = [];
    for (;;) {
      reader.skipLines();
      if (reader.may(']')) return { kind: 'list', items };
      items.push(readValue(reader));
      reader.skipLines();
      if (!reader.may(',') && !reader.is(']')) throw reader.expected('`,` or `]`');
    }
  }
  // an object, as `where: { active: true }` of a partial index
  if (reader.may('{')) {
    for (let depth = 1; depth > 0; ) {
      const { kind, text } = reader.take();
      if (kind === 'end') throw reader.expected('`}`');
      if (kind === 'sign') depth += text === '{' ? 1 : text === '}' ? -1 : 0;
    }
    return { kind: 'list', items: [] };
  }
  const { text: word } = reader.word('a value');
  return { kind: 'word', word, args: reader.may('(') ? readArguments(reader) : [] };
}

function endOf(reader: Reader): number {
  return reader.before().end;
}
