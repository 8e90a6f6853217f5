// The bounds of admission policies (upstream apiserver/pkg/apis/cel and
// plugin/policy/validating/dispatcher.go).

/** UTF-8 bytes of the text that a messageExpression gives. */
export const MAX_MESSAGE_BYTES = 5 * 1024;

/** UTF-16 units of the value of an audit annotation; the rest is cut off. */
export const MAX_ANNOTATION_LENGTH = 10 * 1024;
