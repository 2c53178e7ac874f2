import { nameText, type TypeName, typeText } from '../name.ts';
import { cannotStore } from './cast.ts';
import { typeOfDefault } from './default-type.ts';
import type { Draft } from './draft.ts';
import { namesIn } from './expression.ts';
import { bringsFunction, extensionOf, hasUnknownExtension } from './extension.ts';
import { findRelation } from './find.ts';
import { checkLiteral } from './literal.ts';
import { Refusal } from './refusal.ts';

/** The default that the reader writes for `serial`: the sequence has no name yet. */
export const SERIAL = 'nextval(serial)';

/** DEFAULT NULL is no default. */
export function keptDefault(text: string | undefined): string | undefined {
  return text === undefined || /^\(?null(\s*::\s*[\w\s."]+(\[\])?)?\)?$/i.test(text.trim())
    ? undefined
    : text;
}

/** Refuses a default that names a sequence, a function or an enum label that is not there; `nextval` of another relation fails only when it is called. */
export function checkDefault(draft: Draft, type: TypeName, text: string): void {
  if (draft.dialect !== 'postgres') return;
  const names = namesIn(text);
  for (const sequence of names.sequences) {
    if (!findRelation(draft, sequence))
      throw new Refusal('no such sequence', `relation "${nameText(sequence)}" does not exist`, [
        sequence.name,
      ]);
  }
  needFunctions(draft, names.calls);
  checkOwnLiteral(draft, type, text);
  checkOwnType(draft, type, text);
}

/** Refuses calls of functions that only an absent extension brings. */
export function needFunctions(draft: Draft, calls: ReadonlySet<string>): void {
  for (const name of calls) {
    if (extensionOf(name) === undefined || bringsFunction(draft, name)) continue;
    if ([...draft.schemas].some((schema) => draft.functions.has(`${schema}.${name}`))) continue;
    if (hasUnknownExtension(draft)) continue;
    const extension = extensionOf(name) ?? '';
    const message = `function ${name}() does not exist`;
    throw new Refusal('no such function', message, [name, extension]);
  }
}

/** `'draft'`, and `'draft'::status` for a column of that type, must be one of its values. */
function checkOwnLiteral(draft: Draft, type: TypeName, text: string): void {
  const match = /^\(?(e?)'((?:[^']|'')*)'\)?(?:\s*::\s*([\w."]+))?$/i.exec(text.trim());
  if (!match || (match[1] && match[2]?.includes('\\'))) return;
  const cast = match[3]?.split('.').at(-1)?.replaceAll('"', '');
  if (cast !== undefined && cast.toLowerCase() !== type.name.toLowerCase()) return;
  checkLiteral(draft, type, (match[2] ?? '').replaceAll("''", "'"));
}

function checkOwnType(draft: Draft, type: TypeName, text: string): void {
  const own = typeOfDefault(draft, text, type);
  if (!cannotStore(draft, own, type)) return;
  const message = `column is of type ${typeText(type)} but default expression is of type ${typeText(own)}`;
  throw new Refusal('invalid definition', message, []);
}
