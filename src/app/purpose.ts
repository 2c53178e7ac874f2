/**
 * What a check run is made for, in words that are kept with it: GitHub gives them back, also for pull requests of forks,
 * which it names nowhere else.
 */
export function pullPurpose(number: number, into: string): string {
  return `pull request ${number} into ${into}`;
}

export function groupPurpose(base: string, into: string): string {
  return `merge group on ${base} into ${into}`;
}

export function pullNumberOf(purpose: string): number | undefined {
  const [, number] = /^pull request ([1-9]\d{0,9}) into /.exec(purpose) ?? [];
  return number === undefined ? undefined : Number(number);
}

export function groupOf(purpose: string): { readonly base: string; readonly into: string } | undefined {
  const [, base, into] = /^merge group on ([0-9a-f]{40,64}) into (.+)$/.exec(purpose) ?? [];
  return base !== undefined && into !== undefined ? { base, into } : undefined;
}
