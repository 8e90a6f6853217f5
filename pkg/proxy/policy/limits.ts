// Every bound of NetworkPolicy enforcement, in one place.

/** Elements in one 'add element' command; larger commands make nft's parser slow. */
export const ELEMENTS_PER_COMMAND = 2000;
/** Characters of a set's comment; the kernel's tools take 128. */
export const COMMENT_CHARS = 100;
/** Characters of a chain's or set's name that tell whose it is, after the hash. */
export const NAME_CHARS = 60;
