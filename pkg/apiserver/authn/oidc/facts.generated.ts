// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const SHAPE = {
"jwt": [{"issuer":{"url":"text","discoveryURL":"text","certificateAuthority":"text","audiences":["text"],"audienceMatchPolicy":"text"},"claimValidationRules":[{"claim":"text","requiredValue":"text","expression":"text","message":"text"}],"claimMappings":{"username":{"claim":"text","prefix":"text","expression":"text"},"groups":{"claim":"text","prefix":"text","expression":"text"},"uid":{"claim":"text","expression":"text"},"extra":[{"key":"text","valueExpression":"text"}]},"userValidationRules":[{"expression":"text","message":"text"}]}],
"anonymous": {"enabled":"boolean","conditions":[{"path":"text"}]}
} as const;
