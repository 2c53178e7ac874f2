import { nameText, type TypeName } from '../name.ts';
import type { Draft } from './draft.ts';
import { namesIn } from './expression.ts';
import { bringsFunction, extensionOf, hasUnknownExtension } from './extension.ts';
import { findRelation } from './find.ts';
import { Refusal } from './refusal.ts';
import { typeKey } from './type.ts';

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
  checkLabel(draft, type, text);
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

/** `'draft'` and `'draft'::status` for an enum column must be one of its labels. */
function checkLabel(draft: Draft, type: TypeName, text: string): void {
  const match = /^\(?'((?:[^']|'')*)'\)?(?:\s*::\s*([\w."]+))?$/.exec(text.trim());
  const key = typeKey(draft, type);
  const user = key === undefined ? undefined : draft.types.get(key);
  if (!match || user?.kind !== 'enum' || type.dimensions > 0) return;
  const cast = match[2]?.split('.').at(-1)?.replaceAll('"', '');
  if (cast !== undefined && cast.toLowerCase() !== user.name.toLowerCase()) return;
  const label = (match[1] ?? '').replaceAll("''", "'");
  if (!user.labels.includes(label))
    throw new Refusal('no such label', `invalid input value for enum ${user.name}: "${label}"`, [user.name]);
}
