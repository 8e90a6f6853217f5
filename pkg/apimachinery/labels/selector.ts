// Label selectors: parsed from text ('a in (b,c),!d,e>5'), from a LabelSelector object or from a
// map of equalities. A selector is immutable and cheap to match. pkg/apis validates LabelSelector
// fields of kinds.
// Source of behaviour and texts: k8s.io/apimachinery/pkg/labels/selector.go.
import { errorText } from '../../util/errors/error-text.js';
import { badRequest } from '../errors/status-error.js';
import type { LabelSelector } from '../meta/types.js';
import { parseRequirements } from './parser.js';
import {
  newRequirement,
  requirementMatches,
  requirementText,
  type LabelOperator,
  type LabelRequirement,
  type Labels,
} from './requirement.js';

const NO_LABELS: Labels = {};

export class Selector {
  /** True for a selector without requirements, which selects everything. */
  readonly empty: boolean;
  constructor(readonly requirements: readonly LabelRequirement[]) {
    this.empty = requirements.length === 0;
  }

  matches(labels: Labels | undefined): boolean {
    const all = labels ?? NO_LABELS;
    for (const requirement of this.requirements)
      if (!requirementMatches(requirement, all)) return false;
    return true;
  }

  /** The canonical text, which parses to an equal selector. */
  toString(): string {
    return this.requirements.map(requirementText).join(',');
  }
}

export const EVERYTHING = new Selector([]);

export const NOTHING: Selector = {
  empty: false,
  requirements: [],
  matches: () => false,
  toString: () => '',
};

const byKey = (a: LabelRequirement, b: LabelRequirement): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

/** @throws StatusError BadRequest for what `read` throws. */
function selectorOf(read: () => LabelRequirement[]): Selector {
  try {
    const requirements = read().sort(byKey);
    return requirements.length ? new Selector(requirements) : EVERYTHING;
  } catch (error) {
    throw badRequest(errorText(error));
  }
}

/** @throws StatusError BadRequest with upstream's parse message. '' selects everything. */
export const parseSelector = (text: string): Selector =>
  selectorOf(() => (text === '' ? [] : parseRequirements(text)));

/** The operators of expressions, as label selectors write them. */
export const EXPRESSION_OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * undefined selects nothing, {} everything (meta/v1 LabelSelectorAsSelector).
 * @throws StatusError BadRequest for an unknown operator or an invalid requirement.
 */
export function selectorFromLabelSelector(selector: LabelSelector | undefined | null): Selector {
  if (!selector) return NOTHING;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return selectorOf(() => [
    ...Object.entries(matchLabels).map(([key, value]) => newRequirement(key, '=', [value])),
    ...matchExpressions.map(({ key, operator, values }) => {
      const known = EXPRESSION_OPERATORS[operator];
      if (!known)
        throw new Error(`${JSON.stringify(operator)} is not a valid label selector operator`);
      return newRequirement(key, known, values ?? []);
    }),
  ]);
}

/**
 * All equalities of the map, not validated; undefined or {} selects everything
 * (labels.SelectorFromSet).
 */
export const selectorFromMap = (map: Labels | undefined | null): Selector =>
  selectorOf(() =>
    Object.entries(map ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })),
  );

/**
 * LabelSelector as kubectl prints it ('<none>' when empty, '<error>' when invalid; meta/v1
 * FormatLabelSelector).
 */
export function formatLabelSelector(selector: LabelSelector | undefined | null): string {
  try {
    const text = selectorFromLabelSelector(selector).toString();
    return text === '' ? '<none>' : text;
  } catch {
    return '<error>';
  }
}
