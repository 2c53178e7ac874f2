/** Tests bring classes and callers of their own. */
const OF_TESTS =
  /(^|\/)(tests?|__tests__|__mocks__|mocks?|fakes?|fixtures|e2e)\/|[.-](test|spec|fake|mock)\.|(^|\/)(fake|mock)-/i;

/** Whether a file belongs to tests. */
export function isOfTests(path: string): boolean {
  return OF_TESTS.test(path);
}
