import { mapText, plainText } from './placed-sql.ts';
import { native, plainValue, textOfValue, textValue, unknown, type Value } from './value.ts';

type Text = Extract<Value, { kind: 'text' }>;

/** A member of a text. */
export function textMember(value: Text, name: string): Value | undefined {
  const text = plainText(value.sql);
  if (name === 'length') return plainValue(text.length);
  const method = METHODS.get(name);
  return (
    method && native(name, (args) => method(value, args) ?? unknown('a text is worked out when it runs'))
  );
}

type Method = (value: Text, args: readonly Value[]) => Value | undefined;

/** A method that gives another text, or the like, of a text and texts. */
function plain(work: (text: string, ...args: readonly string[]) => string | number | boolean): Method {
  return ({ sql }, args) => {
    const texts = args.map(textOfValue);
    if (!texts.every((one) => one !== undefined)) return undefined;
    const made = work(plainText(sql), ...texts);
    return typeof made === 'string' ? textValue(placedAs(sql, made)) : plainValue(made);
  };
}

/** A text made of another stands where that one is written. */
function placedAs(sql: Text['sql'], text: string): Text['sql'] {
  const [first] = sql;
  if (sql.length !== 1 || !first?.place) return [{ text }];
  const { module, start, end } = first.place;
  return [{ text, place: { module, start, end } }];
}

const METHODS = new Map<string, Method>([
  ['trim', (value) => value],
  ['trimStart', (value) => value],
  ['trimEnd', (value) => value],
  ['toString', (value) => value],
  ['toLowerCase', (value) => ({ kind: 'text', sql: mapText(value.sql, (text) => text.toLowerCase()) })],
  ['toUpperCase', (value) => ({ kind: 'text', sql: mapText(value.sql, (text) => text.toUpperCase()) })],
  [
    'split',
    ({ sql }, [by]) => {
      const separator = by && textOfValue(by);
      if (separator === undefined) return undefined;
      return {
        kind: 'list',
        items: plainText(sql)
          .split(separator)
          .map((part) => textValue(part)),
      };
    },
  ],
  ['slice', ({ sql }, [from, to]) => sliced(sql, from, to)],
  ['substring', ({ sql }, [from, to]) => sliced(sql, from, to)],
  ['startsWith', plain((text, wanted = '') => text.startsWith(wanted))],
  ['endsWith', plain((text, wanted = '') => text.endsWith(wanted))],
  ['includes', plain((text, wanted = '') => text.includes(wanted))],
  ['indexOf', plain((text, wanted = '') => text.indexOf(wanted))],
  ['replace', plain((text, wanted = '', by = '') => text.replace(wanted, () => by))],
  ['replaceAll', plain((text, wanted = '', by = '') => text.replaceAll(wanted, () => by))],
  ['concat', plain((text, ...more) => text + more.join(''))],
]);

function sliced(sql: Text['sql'], from: Value | undefined, to: Value | undefined): Value | undefined {
  const [start, end] = [from, to].map((one) =>
    one?.kind === 'plain' && typeof one.value === 'number' ? one.value : undefined,
  );
  if ((from && start === undefined) || (to && end === undefined)) return undefined;
  return textValue(placedAs(sql, plainText(sql).slice(start, end)));
}
