/** What a name says of trying again, word by word: `attempt`, `maxRetries`, `tries`, and not `entries` or `countries`. */
export function speaksOfAttempts(name: string): boolean {
  return name.split(/_|(?<=[\da-z])(?=[A-Z])/).some((word) => /attempt|retr(y|ies)|^tries$/i.test(word));
}
