/** Changes with every change of what reading and folding make of a text; the build fills it in. */
export const READER_VERSION = process.env.TABLEWARDEN_READER ?? 'source';
