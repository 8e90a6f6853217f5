// Every bound of the engine. The numbers are upstream's (k8s.io/apiserver/pkg/cel/limits.go,
// pkg/apis/cel/config.go; cel-go's common/cost.go).

/** Code points of an expression. */
export const MAX_EXPRESSION_SIZE = 100_000;

/** Nested expressions, and operators on one path through the expression. */
export const MAX_NESTING = 250;

/** Syntax errors after which the parser gives up. */
export const MAX_SYNTAX_ERRORS = 30;

/** Errors in one message; a line counts the others. */
export const MAX_REPORTED_ERRORS = 100;
