// Descriptions of Go types, and values in them, for texts that show a value as Go does.

/** A value is undefined for nil and for the zero value; a struct is an object. */
export type GoValue = unknown;

interface Named {
  /** As Go prints it: 'core.PodSpec', '[]string'. */
  name: string;
  /** The text of the type's String method, where formatting finds one. */
  text?: (value: GoValue) => string;
}

export type GoType =
  | (Named & { kind: 'bool' | 'int' | 'string' })
  | (Named & {
      kind: 'struct';
      fields: readonly GoField[];
      /** The type's Equal method; values are then compared as a whole. */
      equal?: (x: GoValue, y: GoValue) => boolean;
    })
  | (Named & { kind: 'slice'; elem: GoType })
  | (Named & { kind: 'map'; key: GoType; elem: GoType })
  | (Named & { kind: 'pointer'; elem: GoType });

export interface GoField {
  name: string;
  type: GoType;
  read: (holder: GoValue) => GoValue;
}

/** A scalar as Go prints it; undefined is the zero value. */
export function scalarText(kind: GoType['kind'], value: GoValue): string {
  const zero = kind === 'string' ? '' : kind === 'int' ? 0 : false;
  return String((value ?? zero) as string | number | bigint | boolean);
}

export type GoMap = Readonly<Record<string, GoValue>>;

export const sortedKeys = (...maps: readonly GoValue[]): string[] => [
  ...new Set(maps.flatMap((map) => Object.keys((map ?? {}) as GoMap)).sort()),
];

/** The value of a key, or undefined, as Go's map index with "is there". */
export function atKey(map: GoValue, key: string): { value: GoValue } | undefined {
  const holder = (map ?? {}) as GoMap;
  return Object.hasOwn(holder, key) ? { value: holder[key] } : undefined;
}

export function isZero(type: GoType, value: GoValue): boolean {
  if (value === undefined || value === null) return true;
  if (type.kind === 'struct')
    return type.fields.every((field) => isZero(field.type, field.read(value)));
  return type.kind === 'bool' || type.kind === 'int' || type.kind === 'string'
    ? !value || value === 0n
    : false;
}
