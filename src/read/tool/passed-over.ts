const ELSEWHERE =
  /^(node_modules|bower_components|vendor|vendored|third[-_]?party|external|deps|dist|build|target|coverage|\.git|\.yarn|\.next)$/i;
const SAMPLES =
  /^(_*(fixtures?|mocks?|stubs?|tests?|snapshots?|specs?)_*|test[-_]?(data|fixtures?|cases|files|migrations|only([-_].*)?)|.*[-_.](tests?|fixtures?|e2e)|e2e|integration[-_]tests?|bench(es|marks?)?|examples?|samples?|demos?|templates?|boilerplates?|playgrounds?|cookbook|tutorials?)$/i;
const NOT_UP =
  /^(downs?|rollbacks?|reverts?|undos?|seeds?|seeders?|archived?|backups?|old|legacy|deprecated)$/i;
const PUT_AWAY = /^(archived?|backups?|deprecated)$/i;

/** Why a folder's migrations are not those of a database in use, if its path says so; undefined otherwise. */
export function whyPassedOver(folder: string): string | undefined {
  for (const part of folder.split('/')) {
    if (ELSEWHERE.test(part)) return `${part}/ holds what comes from elsewhere`;
    if (SAMPLES.test(part)) return `${part}/ holds tests, examples or templates`;
    if (PUT_AWAY.test(part)) return `${part}/ holds what was put away`;
  }
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  return NOT_UP.test(last) ? `${last}/ holds no migrations that lead forward` : undefined;
}
