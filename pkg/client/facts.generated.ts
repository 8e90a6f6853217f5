// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const PLAIN_REASONS: Record<number, string> = {
"400": "BadRequest",
"401": "Unauthorized",
"403": "Forbidden",
"404": "NotFound",
"405": "MethodNotAllowed",
"409": "Conflict",
"410": "Gone",
"422": "Invalid",
"429": "TooManyRequests",
"500": "InternalError",
"503": "ServiceUnavailable",
"504": "Timeout"
};
