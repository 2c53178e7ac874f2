/**
 * What a rule's page tells its reader, as Markdown: the prose from the title on to the first section that is for machines,
 * the safe ways included. The words that tell Tablewarden for whom a block is are taken off its fence.
 */
export function helpOf(page: string): string {
  const lines = page
    .replace(/^\ufeff/, '')
    .replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '')
    .split(/\r\n|\r|\n/);
  const end = lines.findIndex((line) => /^## (Message|Query|Flagged|Accepted)\s*$/.test(line));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^(`{3,}\w+) instead\b.*$/, '$1'))
    .join('\n')
    .trim();
}
