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

/** Rules of a definition. Each compiles in about 0.1 ms. */
export const MAX_RULES = 2_000;

/** UTF-16 units of all expressions of a definition, which compile in about 1 s. */
export const MAX_EXPRESSION_TEXT = 500_000;

/**
 * The size of all patterns of a definition after their counted repetitions, which compile within
 * 2 s.
 */
export const MAX_PATTERN_WEIGHT = 2_000_000;

/** UTF-16 units of the errors that one answer names. */
export const MAX_ERROR_TEXT = 1_000_000;

/** Schemas inside of those with defaults, counted for each default. They take about 1 s. */
export const MAX_DEFAULT_WORK = 200_000;

/** Errors that are reported of one value: a large body may have one in each of its items. */
export const MAX_VALUE_ERRORS = 1000;
