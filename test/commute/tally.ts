import { collides, type Judged } from './bench.ts';

/** Where reading and running say different things. */
export function tally(all: readonly Judged[]) {
  return {
    collide: all.filter(({ ran }) => ran !== undefined),
    missed: all.filter((one) => one.ran !== undefined && !collides(one)),
    false: all.filter((one) => one.ran === undefined && collides(one)),
  };
}
