// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const JSON_SCALARS: Readonly<Record<string, keyof typeof GO_SCALARS>> = {
"string": "string",
"boolean": "boolean",
"integer:int32": "int32",
"integer:int64": "int64",
"integer": "int64",
"string:byte": "bytes",
"byte": "bytes",
"number": "double",
"number:double": "double"
};

export const PROTO_SCALARS: Readonly<Record<string, keyof typeof GO_SCALARS>> = {
"string": "string",
"bool": "boolean",
"int32": "int32",
"int64": "int64",
"double": "double",
"bytes": "bytes"
};

export const GO_SCALARS = {
"string": "string",
"boolean": "bool",
"int32": "int32",
"int64": "int64",
"double": "float64",
"bytes": "[]uint8",
"quantity": "resource.Quantity",
"intOrString": "intstr.IntOrString",
"time": "v1.Time",
"microTime": "v1.MicroTime",
"duration": "v1.Duration",
"any": "runtime.RawExtension"
} as const;
