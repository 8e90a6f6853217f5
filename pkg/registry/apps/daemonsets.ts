import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { defaultDaemonSet } from '../../apis/apps/v1/defaults.js';
import { validateDaemonSet, validateDaemonSetUpdate } from '../../apis/apps/v1/validation.js';
import type { DaemonSet } from '../../apis/apps/v1/types.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import { DAEMON_SETS } from '../../apis/resource-types.js';
import { age, containerCells, formatLabels } from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';

const EMPTY_STATUS = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

/**
 * The template's generation, which old clients still read. Upstream keeps it as a field, so that no
 * client can change it.
 */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function keepTemplateGeneration(next: DaemonSet, old: DaemonSet, step: bigint): void {
  const before = old.metadata.annotations?.[TEMPLATE_GENERATION] ?? '';
  const generation = (/^\d+$/.test(before) ? BigInt(before) : 0n) + step;
  next.metadata.annotations = {
    ...next.metadata.annotations,
    [TEMPLATE_GENERATION]: String(generation),
  };
}

export const daemonSets = defineResource({
  type: DAEMON_SETS,
  storage: 'daemonsets',
  name: subdomainName,
  defaults: defaultDaemonSet,
  row: (set, now) => [
    set.metadata.name,
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    formatLabels(set.spec.template.spec?.nodeSelector),
    age(set, now),
    ...containerCells(set.spec.template),
    formatLabelSelector(set.spec.selector),
  ],
  prepareCreate(set) {
    set.status = { ...EMPTY_STATUS };
    set.metadata.annotations = { ...set.metadata.annotations, [TEMPLATE_GENERATION]: '1' };
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    const changed = !semanticEqual(next.spec.template, old.spec.template);
    keepTemplateGeneration(next, old, changed ? 1n : 0n);
  },
  validate: validateDaemonSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template' },
  validateUpdate: validateDaemonSetUpdate,
  generation: true,
  status: {
    prepareUpdate(next, old) {
      keepSpec(next, old);
      keepTemplateGeneration(next, old, 0n);
    },
  },
});
