// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const OIDS = {
"commonName": "2.5.4.3",
"organization": "2.5.4.10",
"ecdsaWithSha256": "1.2.840.10045.4.3.2",
"rsaWithSha256": "1.2.840.113549.1.1.11",
"subjectKeyIdentifier": "2.5.29.14",
"keyUsage": "2.5.29.15",
"subjectAltName": "2.5.29.17",
"basicConstraints": "2.5.29.19",
"authorityKeyIdentifier": "2.5.29.35",
"extendedKeyUsage": "2.5.29.37",
"extensionRequest": "1.2.840.113549.1.9.14"
} as const;

export const USAGE_BITS: Readonly<Record<string, number>> = {
"signing": 0,
"digital signature": 0,
"content commitment": 1,
"key encipherment": 2,
"data encipherment": 3,
"key agreement": 4,
"cert sign": 5,
"crl sign": 6,
"encipher only": 7,
"decipher only": 8
};

export const PURPOSES: Readonly<Record<string, string>> = {
"any": "2.5.29.37.0",
"server auth": "1.3.6.1.5.5.7.3.1",
"client auth": "1.3.6.1.5.5.7.3.2",
"code signing": "1.3.6.1.5.5.7.3.3",
"email protection": "1.3.6.1.5.5.7.3.4",
"s/mime": "1.3.6.1.5.5.7.3.4",
"ipsec end system": "1.3.6.1.5.5.7.3.5",
"ipsec tunnel": "1.3.6.1.5.5.7.3.6",
"ipsec user": "1.3.6.1.5.5.7.3.7",
"timestamping": "1.3.6.1.5.5.7.3.8",
"ocsp signing": "1.3.6.1.5.5.7.3.9",
"microsoft sgc": "1.3.6.1.4.1.311.10.3.3",
"netscape sgc": "2.16.840.1.113730.4.1"
};
