import type { Tree } from '../change/change-set.ts';
import { type Config, findConfig } from '../config.ts';
import type { Rule } from '../rule/rule.ts';

/** What a repository says about how it wants to be judged. */
export interface Setup {
  readonly config: Config;
  readonly ownRules: readonly Rule[];
  /** What was left out, and why: only a door that must not fail reads on after such trouble. */
  readonly trouble: readonly string[];
}
