// Written by hack/generate-tables.mjs from codes.yaml; do not edit.

export const TYPES = {
"A": 1,
"NS": 2,
"CNAME": 5,
"SOA": 6,
"PTR": 12,
"HINFO": 13,
"MX": 15,
"TXT": 16,
"AAAA": 28,
"SRV": 33,
"NAPTR": 35,
"OPT": 41,
"DS": 43,
"RRSIG": 46,
"NSEC": 47,
"DNSKEY": 48,
"SVCB": 64,
"HTTPS": 65,
"SPF": 99,
"IXFR": 251,
"AXFR": 252,
"ANY": 255,
"CAA": 257
} as const;
