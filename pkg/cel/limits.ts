// Every bound of the engine. The numbers are upstream's (k8s.io/apiserver/pkg/cel/limits.go,
// pkg/apis/cel/config.go; cel-go's common/cost.go).

/** Code points of an expression, and its nodes with the copies that macros make. */
export const MAX_EXPRESSION_SIZE = 100_000;

/** Nested expressions, and nodes on one path through the expression, each macro as one. */
export const MAX_NESTING = 250;

/** Syntax errors after which the parser gives up. */
export const MAX_SYNTAX_ERRORS = 30;

/** Errors in one message; a line counts the others. */
export const MAX_REPORTED_ERRORS = 100;

/** Compiled patterns that are kept. */
export const MAX_CACHED_PATTERNS = 256;

/** UTF-16 units of one message, after which it names no further error: each repeats its line. */
export const MAX_ERROR_TEXT = 32 * 1024;

/** Digits after the point in a format clause. */
export const MAX_FORMAT_PRECISION = 1000;

/** Cost units of one evaluation (PerCallLimit). */
export const PER_CALL_LIMIT = 1_000_000;

/** Cost units of all rules of a custom resource, or of a policy binding (RuntimeCELCostBudget). */
export const RUNTIME_COST_BUDGET = 10_000_000;

/**
 * Cost units of the match conditions of one webhook or policy
 * (RuntimeCELCostBudgetMatchConditions).
 */
export const MATCH_CONDITIONS_BUDGET = 2_500_000;

/** Estimated cost of one rule, and of all rules of a CustomResourceDefinition. */
export const STATIC_COST_LIMIT = 10_000_000;
export const STATIC_COST_LIMIT_OF_SCHEMA = 100_000_000;

/** Bytes of a request, which bound the sizes that a schema leaves open. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/** Bytes of the text that a message expression makes. */
export const MAX_MESSAGE_BYTES = 5 * 1024;

/** Items of a list that an expression makes by concatenation, which costs one unit. */
export const MAX_LIST_SIZE = 1_000_000;

/** Values, and UTF-16 units of texts, in the JSON of a patch that an expression makes. */
export const MAX_RESULT_SIZE = 3 * 1024 * 1024;

/** UTF-16 units of a text that replace or join makes. */
export const MAX_TEXT_SIZE = 16 * 1024 * 1024;
