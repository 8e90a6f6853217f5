import { defaultPodTemplate } from '../../apis/core/v1/defaults.js';
import { validatePodTemplateSpec } from '../../apis/core/v1/validation/pod-spec.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { POD_TEMPLATES } from '../../apis/resource-types.js';
import { containerCells, formatLabels } from '../cells.js';
import { defineResource } from '../define.js';

export const podTemplates = defineResource({
  type: POD_TEMPLATES,
  storage: 'podtemplates',
  name: subdomainName,
  defaults: defaultPodTemplate,
  row: ({ metadata, template }) => [
    metadata.name,
    ...containerCells(template),
    formatLabels(template?.metadata?.labels),
  ],
  validate: ({ template }) => validatePodTemplateSpec(template ?? {}, 'template'),
  podTemplate: { of: ({ template }) => template, path: 'template' },
  generation: true,
});
