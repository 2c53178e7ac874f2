/**
 * A value as one line of JSON. Node 24 ends a line at the separators of Unicode too, which JSON leaves as they are:
 * https://github.com/nodejs/node/issues/57591
 */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(/[\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)}\n`;
}

/** Takes bytes as they come and hands on the text of each line that is whole; what ends them is no part of it. */
export function lineReader(take: (line: string) => void): (bytes: Buffer) => void {
  let begun: Buffer[] = [];
  return (bytes) => {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = Buffer.concat([...begun, bytes.subarray(from, end)]);
      begun = [];
      from = end + 1;
      take(line.toString('utf8'));
    }
    if (from < bytes.length) begun.push(Buffer.from(bytes.subarray(from)));
  };
}
