import type { Node } from 'oxc-parser';
import { type Span, startedAt } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { withParameters } from '../sql/named-parameters.ts';
import { type Filling, fillings } from './fill-hole.ts';
import type { CodeModule } from './module.ts';
import { type Part, spanWithin, whyUnknown } from './text.ts';
import type { Via } from './trail.ts';

/** A stretch of SQL text: as written, or put in the place of something else. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly part: Extract<Part, { kind: 'text' }> }
  | {
      readonly kind: 'name';
      readonly text: string;
      readonly module: CodeModule;
      readonly node: Node;
      readonly via: Via;
    }
  | { readonly kind: 'hole'; readonly module: CodeModule; readonly node: Node; readonly why: string };

/** What a family makes of a value inside SQL text. */
export type Filled =
  /** A name of a table or column, quoted where it must be. */
  | { readonly kind: 'name'; readonly text: string; readonly via: Via; readonly declaredIn?: string }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | undefined;

/** Makes of a value that is no text what it stands for. */
export type Fill = (part: Extract<Part, { kind: 'hole' }>) => Filled;

/** The pieces that parts of a text are; `declared` is given the file of each name that is a model's. */
export function toPieces(
  parts: readonly Part[],
  fill: Fill,
  declared: Map<string, string>,
  depth = 0,
): Piece[] {
  return parts.flatMap((part): Piece[] => {
    if (part.kind === 'text') return plainPieces(part);
    const filled = depth < 8 ? fill(part) : undefined;
    if (filled?.kind === 'parts') return toPieces(filled.parts, fill, declared, depth + 1);
    const { module, node } = part;
    if (!filled) return [{ kind: 'hole', module, node, why: whyUnknown(part.traced) }];
    if (filled.declaredIn !== undefined) declared.set(filled.text, filled.declaredIn);
    return [{ kind: 'name', text: filled.text, module, node, via: filled.via }];
  });
}

/** A text without what only templates have: `{{name}}`. */
function plainPieces(part: Extract<Part, { kind: 'text' }>): Piece[] {
  const text = part.text.replace(/\{\{[^{}]*\}\}/g, (found) => `$1${' '.repeat(found.length - 2)}`);
  return [{ kind: 'text', text, part }];
}

/** One text of the pieces. */
export interface Assembled {
  readonly text: string;
  /** Where each piece begins. */
  readonly starts: readonly number[];
  /** Whether no unknown value may hide a column. */
  readonly exact: boolean;
  span(start: number, end: number): Span;
  pieceAt(offset: number): number;
  readonly pieces: readonly Piece[];
}

function fillingsAt(pieces: readonly Piece[], index: number, before: string): readonly Filling[] {
  const next = pieces[index + 1];
  const after = next && next.kind !== 'hole' ? next.text : '';
  return fillings(before, after, `tw_hole_${index}`);
}

/** Puts the pieces together for a dialect; `choices` tells for each which of its texts it is. */
export function assemble(pieces: readonly Piece[], choices: readonly number[], dialect: Dialect): Assembled {
  const starts: number[] = [];
  let text = '';
  let exact = true;
  pieces.forEach((piece, index) => {
    starts.push(text.length);
    if (piece.kind === 'hole') {
      const all = fillingsAt(pieces, index, text);
      const chosen = all[Math.min(choices[index] ?? 0, all.length - 1)];
      text += chosen?.text ?? '';
      exact &&= chosen?.exact ?? false;
    } else {
      const quoted = inQuotes(piece, dialect);
      text += (choices[index] ?? 0) > 0 && piece.kind === 'text' ? withParameters(quoted) : quoted;
    }
  });
  const pieceAt = (offset: number) => startedAt(starts, offset);
  const span = (start: number, end: number): Span => {
    const index = pieceAt(start);
    const piece = pieces[index];
    if (!piece) return { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
    if (piece.kind !== 'text') return piece.module.span(piece.node);
    const from = starts[index] ?? 0;
    return spanWithin(piece.part, start - from, end - from);
  };
  return { text, starts, exact, span, pieceAt, pieces };
}

/** Names in the quotes of the dialect: Postgres has no back ticks, and MySQL takes `"` for those of a text. */
function inQuotes({ kind, text }: Exclude<Piece, { kind: 'hole' }>, dialect: Dialect): string {
  if (dialect === 'mysql') return kind === 'name' ? text.replaceAll('"', '`') : text;
  return dialect === 'sqlite' ? text : text.replaceAll('`', '"');
}

/** Changes the choice of the unknown value nearest to where the parser gave up; false when every one was tried. */
export function anotherChoice(
  choices: number[],
  pieces: readonly Piece[],
  sql: Assembled,
  offset: number,
  tried: ReadonlySet<string>,
): boolean {
  const at = sql.pieceAt(offset);
  const order = pieces
    .map((_, index) => index)
    .filter((index) => pieces[index]?.kind !== 'name')
    .sort((a, b) => Math.abs(a - at) - Math.abs(b - at) || (a > at ? 1 : 0) - (b > at ? 1 : 0));
  for (const index of order) {
    const piece = pieces[index];
    const before = sql.text.slice(0, sql.starts[index]);
    const count =
      piece?.kind === 'hole'
        ? fillingsAt(pieces, index, before).length
        : piece?.kind === 'text' && withParameters(piece.text) !== piece.text
          ? 2
          : 1;
    for (let choice = 0; choice < count; choice++) {
      const next = choices.with(index, choice);
      if (tried.has(next.join())) continue;
      choices[index] = choice;
      return true;
    }
  }
  return false;
}
