/** A glob, or the path of a file or folder, as a regular expression of whole paths: `src/**`, `*.ts`, `src/db`. */
export function globRegex(glob: string): string {
  const body = glob
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '')
    .replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (found) => {
      if (found === '**/') return '(?:.*/)?';
      if (found === '**') return '.*';
      if (found === '*') return '[^/]*';
      return found === '?' ? '[^/]' : `\\${found}`;
    });
  return `^${body}(?:/.*)?$`;
}
