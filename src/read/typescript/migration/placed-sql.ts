import { lineStarts, type Span, toSpan } from '../../../change/span.ts';
import type { CodeModule } from '../module.ts';

/** Where a stretch of SQL text comes from: unit by unit where `offsets` says so, else the whole stands for it. */
export interface Place {
  readonly module: CodeModule;
  readonly start: number;
  readonly end: number;
  readonly offsets?: readonly number[] | 'plain';
}

/** SQL text that code puts together, each stretch with the code that says it; what no code says has no place. */
export type PlacedSql = readonly { readonly text: string; readonly place?: Place }[];

/** Puts SQL together: what stands between the holes is said by no single word of the code. */
export function sql(strings: TemplateStringsArray, ...holes: readonly (string | PlacedSql)[]): PlacedSql {
  return strings.flatMap((text, index) => {
    const hole = holes[index] ?? [];
    const between = text === '' ? [] : [{ text }];
    return [...between, ...(typeof hole === 'string' ? (hole === '' ? [] : [{ text: hole }]) : hole)];
  });
}

/** Several texts with a separator between them. */
export function joined(parts: readonly PlacedSql[], separator: string): PlacedSql {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]));
}

/** The text alone. */
export function plainText(placed: PlacedSql): string {
  return placed.length === 1 ? (placed[0]?.text ?? '') : placed.map(({ text }) => text).join('');
}

/** The same text after a change that each stretch takes by itself; it stands for its whole place then. */
export function mapText(placed: PlacedSql, change: (text: string) => string): PlacedSql {
  return placed.map(({ text, place }) => {
    const changed = change(text);
    if (changed === text || !place) return { text: changed, ...(place ? { place } : {}) };
    return { text: changed, place: { module: place.module, start: place.start, end: place.end } };
  });
}

/**
 * Finds the span of any stretch of the text: the code of `main` from the first to the last unit that has a place there.
 * What another file says stands at `site`, where `main` calls it; so does what no code says. With `whole` all of the text
 * stands there, and nothing outside of it.
 */
export function spansOf(
  placed: PlacedSql,
  main: CodeModule,
  site: { readonly start: number; readonly end: number },
  whole: boolean,
): (start: number, end: number) => Span {
  const starts = lineStarts(main.text);
  const length = placed.reduce((sum, { text }) => sum + text.length, 0);
  return (start, end) => {
    if (whole && start === 0 && end === length) return toSpan(main.path, starts, site.start, site.end);
    let [low, high] = [Infinity, -1];
    let at = 0;
    for (const { text, place } of placed) {
      const [from, to] = [Math.max(start, at) - at, Math.min(end, at + text.length) - at];
      at += text.length;
      if (from >= to || place?.module !== main) continue;
      if (whole && (place.start < site.start || place.end > site.end)) continue;
      const [first, last] = unitsAt(place, from, to);
      low = Math.min(low, first);
      high = Math.max(high, last);
    }
    return high < 0 ? toSpan(main.path, starts, site.start, site.end) : toSpan(main.path, starts, low, high);
  };
}

function unitsAt({ start, end, offsets }: Place, from: number, to: number): readonly [number, number] {
  if (offsets === 'plain') return [start + from, start + to];
  if (!offsets || offsets.length === 0) return [start, end];
  return [offsets[from] ?? start, offsets[to] ?? end];
}
