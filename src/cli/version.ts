/** The version of this build; the build writes it in. */
export const VERSION = process.env.TABLEWARDEN_VERSION ?? 'unbuilt';

/** Where a bug of ours is reported. */
export const ISSUES = 'https://github.com/tablewarden/tablewarden/issues';
