// Labels of Secrets with service account tokens (upstream pkg/serviceaccount/legacy.go): the day of
// the last use, and the day since which the token counts no more.
export const LAST_USED = 'kubernetes.io/legacy-token-last-used';
export const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';
