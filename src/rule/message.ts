import type { Claim } from './rule.ts';

/** A placeholder of a template: `{value}`, `{value:list}`, and in a safe way also other forms, see `insteadOf`. */
export interface Placeholder {
  readonly name: string;
  readonly form?: string;
}

const PLACEHOLDER = /\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}/g;

/** The placeholders of a template, in order. */
export function placeholdersOf(template: string): readonly Placeholder[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name = '', form]) => ({ name, form }));
}

/** Puts text in the place of each placeholder. */
export function fill(template: string, textOf: (placeholder: Placeholder) => string): string {
  return template.replace(PLACEHOLDER, (_, name: string, form?: string) => textOf({ name, form }));
}

/** The message of a claim as plain text: control characters gone, nothing quoted. */
export function renderMessage({ message, values }: Pick<Claim, 'message' | 'values'>): string {
  return fill(message, ({ name, form }) => {
    const value = values[name];
    if (typeof value === 'string' || value === undefined) return plain(value ?? `{${name}}`);
    return form === 'list' ? listed(value.map(plain)) : value.map(plain).join(', ');
  });
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A text of the user's on one line, without control characters and marks that change the direction of writing. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}
