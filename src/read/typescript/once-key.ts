const kept = new WeakMap<object, Map<unknown, object>>();

/** What an answer is kept under (`Modules.once`) where one object has several: one key for each way of asking. */
export function onceKey(of: object, way: unknown): object {
  const ways = kept.get(of) ?? new Map<unknown, object>();
  kept.set(of, ways);
  const key = ways.get(way) ?? {};
  ways.set(way, key);
  return key;
}
