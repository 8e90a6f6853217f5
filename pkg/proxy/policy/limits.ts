// All bounds of NetworkPolicy enforcement.

/** Elements in one 'add element' command; larger commands make nft's parser slow. */
export const ELEMENTS_PER_COMMAND = 2000;
/** Characters of a set's comment; nft accepts 128. */
export const COMMENT_CHARS = 100;
/** Readable characters of a chain's or set's name after its hash. */
export const NAME_CHARS = 60;
