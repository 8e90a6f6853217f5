// All bounds of NetworkPolicy enforcement.

/** Characters of a set's comment; nft accepts 128. */
export const COMMENT_CHARS = 100;
/** Readable characters of a chain's or set's name after its hash. */
export const NAME_CHARS = 60;
