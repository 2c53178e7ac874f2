/** Words for migrations that folders and files are named by, and that mean little else. */
export const MIGRATIONS = 'migrations?|migrate|versions';

/** Words that are used for migrations too: they count where something else speaks for it. */
export const CHANGES = 'alterations?|evolutions?|upgrades?|schema[-_]?(?:updates|changes)';
