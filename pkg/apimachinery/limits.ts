// Every bound of apimachinery, with upstream's value where upstream has a bound.

/** Operations of one JSON patch (apiserver endpoints/handlers/patch.go). */
export const MAX_JSON_PATCH_OPERATIONS = 10_000;
/** Bytes that the copies of one JSON patch may add (server/config.go JSONPatchMaxCopyBytes). */
export const MAX_JSON_PATCH_COPIES = 3 * 1024 * 1024;
/**
 * Nesting of a JSON document. Go's bound is 10,000. V8 ends the process when it compiles a regular
 * expression at the end of the stack, so recursion must stay far from that end.
 */
export const MAX_JSON_DEPTH = 1_000;
/** Nesting of a YAML document, whose parser takes more of the stack for a level. */
export const MAX_YAML_DEPTH = 250;
/**
 * Tokens of one YAML document, blanks and line ends included: about half a second of CPU time. The
 * largest definitions of public operators have a tenth of these.
 */
export const MAX_YAML_LEXEMES = 300_000;
/** Aliases that one YAML document may expand. */
export const MAX_YAML_ALIASES = 1_000;
/** Unknown and duplicate fields that are reported for one body. */
export const MAX_DECODE_PROBLEMS = 100;
/** Entries of operation Update in managedFields (util/managedfields DefaultMaxUpdateManagers). */
export const MAX_UPDATE_MANAGERS = 10;
/** Bytes of a manager's name taken from a User-Agent (handlers/rest.go prefixFromUserAgent). */
export const MAX_MANAGER_NAME = 128;
/** Nesting of a set of fields that a client sends. */
export const MAX_FIELD_SET_DEPTH = 100;
/** Parsed quantities that are remembered, and the longest text among them. */
export const MAX_KNOWN_QUANTITIES = 1024;
export const MAX_KNOWN_QUANTITY_LENGTH = 32;

/** Structs inside one another; the schemas of custom resources contain themselves. */
export const MAX_STRUCT_DEPTH = 500;
