import type { CodeModule } from './module.ts';

/** Whether a file imports, requires or re-exports from a package whose name matches. */
export function importsFrom({ sources }: CodeModule, name: RegExp): boolean {
  return sources.some((source) => name.test(source));
}

/** Whether a file imports from such a package, or names anything so; comments and other texts do not count. */
export function mentions(module: CodeModule, name: RegExp): boolean {
  return importsFrom(module, name) || [...module.names].some((one) => name.test(one));
}
