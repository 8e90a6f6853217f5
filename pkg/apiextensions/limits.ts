// Every bound of custom resource definitions. Those with upstream's number carry upstream's name.

/** Schemas inside one another. Upstream has no bound besides that of JSON. */
export const MAX_SCHEMA_DEPTH = 250;

/** Selectable fields of a version (MaxSelectableFields). */
export const MAX_SELECTABLE_FIELDS = 8;

/** UTF-8 bytes of a version's deprecation warning. */
export const MAX_DEPRECATION_WARNING = 256;

/** Rules that are named when those of a schema cost too much together. */
export const MAX_NAMED_EXPENSIVE_RULES = 4;

/** Values that one evaluation of a JSONPath looks at. */
export const MAX_JSON_PATH_VALUES = 100_000;
