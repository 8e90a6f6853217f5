import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { defaultDaemonSet } from '../../apis/apps/v1/defaults.js';
import { validateDaemonSet, validateDaemonSetUpdate } from '../../apis/apps/v1/validation.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { podTemplateWarnings } from '../../apis/core/v1/warnings.js';
import { DAEMON_SETS } from '../../apis/resource-types.js';
import { age, containerCells, formatLabels } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

const EMPTY_STATUS = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

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
  },
  prepareUpdate: keepStatus,
  validate: validateDaemonSet,
  warnings: ({ spec }) => podTemplateWarnings(spec.template),
  validateUpdate: validateDaemonSetUpdate,
  generation: true,
  status: STATUS_ONLY,
});
