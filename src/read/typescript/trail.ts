import type { Class, Node } from 'oxc-parser';
import type { CodeModule } from './module.ts';
import type { OtherText } from './other-texts.ts';
import type { Resolution } from './resolve.ts';

/** How far a value had to be followed, the farthest step of all. */
export type Via = 'literal' | 'constant' | 'class' | 'import' | 'convention';

/** Where an expression's value comes from, once names, members and imports are followed as far as they lead. */
export type Traced =
  /** An expression that says it: a literal, an object, a call, a class, a function, an enum member. */
  | { readonly kind: 'node'; readonly module: CodeModule; readonly node: Node; readonly via: Via }
  /** The whole of a module: `import * as schema`. */
  | { readonly kind: 'module'; readonly module: CodeModule; readonly via: Via }
  /** Something of a package out of the tree: its name and the members taken, first the exported name. */
  | {
      readonly kind: 'external';
      readonly source: string;
      readonly path: readonly string[];
      readonly via: Via;
    }
  | {
      readonly kind: 'parameter';
      readonly module: CodeModule;
      /** The function, and which of its parameters. */
      readonly of: Node;
      readonly index: number;
      readonly path: readonly string[] | undefined;
      readonly type: Node | undefined;
      readonly via: Via;
    }
  /** A variable of a loop's head. */
  | { readonly kind: 'item'; readonly module: CodeModule; readonly loop: Node; readonly via: Via }
  | { readonly kind: 'unknown'; readonly why: string };

/** The modules of one side of a change, loaded as they are asked for. */
export interface Modules {
  /** Undefined when it is not there (yet): what was asked for is loaded, and the file that asked is read again. */
  load(path: string): CodeModule | undefined;
  resolve(from: string, specifier: string): Resolution;
  /** Classes outside tests that say that they implement a name; none until they are looked for, as with {@link load}. */
  implementers(name: string): readonly { readonly module: CodeModule; readonly node: Class }[];
  /** All files of the tree whose names end so; undefined when they are not there yet, as with {@link load}. */
  texts(suffix: string): readonly OtherText[] | undefined;
  /**
   * What is made of an object (a node, a module) by asking this, made once for it: what it asked for counts for everyone who
   * takes it, and what lacked something is made again. One object has one such answer.
   */
  once<T>(of: object, make: () => T): T;
}

/** Steps in a row that one value may be followed, and steps in all. */
const LONGEST = 80;
const MOST = 5000;

/** Follows one value; `steps` counts down over all that it asks for. */
export interface Trail {
  readonly modules: Modules;
  readonly via: Via;
  readonly depth: number;
  /** Exports that are being looked for, as `path name`: modules may pass on each other's. */
  readonly open: ReadonlySet<string>;
  readonly steps: { left: number };
}

const NONE: ReadonlySet<string> = new Set();

/** Starts following in the modules of one side. */
export function startTrail(modules: Modules): Trail {
  return { modules, via: 'literal', depth: 0, open: NONE, steps: { left: MOST } };
}

/** An expression that says its value itself. */
export function at(module: CodeModule, node: Node, { via }: Trail): Traced {
  return { kind: 'node', module, node, via };
}

/** Nothing was found, and why. */
export function unknown(why: string): Traced {
  return { kind: 'unknown', why };
}

/** One step on; undefined where that is too far. */
export function deeper(trail: Trail): Trail | undefined {
  if (trail.steps.left-- <= 0 || trail.depth >= LONGEST) return undefined;
  return { ...trail, depth: trail.depth + 1 };
}

/** The same trail, at least as far as `via`. */
export function further(trail: Trail, via: Via): Trail {
  return ORDER.indexOf(via) > ORDER.indexOf(trail.via) ? { ...trail, via } : trail;
}

const ORDER: readonly Via[] = ['literal', 'constant', 'class', 'import', 'convention'];

/** The farther of two. */
export function farther(left: Via, right: Via): Via {
  return ORDER.indexOf(left) > ORDER.indexOf(right) ? left : right;
}
