/** The version of this build; the build writes it in. */
export const VERSION = process.env.TABLEWARDEN_VERSION ?? 'unbuilt';

/** Where Tablewarden lives. */
export const HOME = 'https://github.com/tablewarden/tablewarden';

/** Where a bug of ours is reported. */
export const ISSUES = `${HOME}/issues`;

/** Where a file of this version can be read. */
export function pageUrl(path: string): string {
  return `${HOME}/blob/v${VERSION}/${path}`;
}
