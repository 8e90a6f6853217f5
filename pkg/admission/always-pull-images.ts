// AlwaysPullImages: nobody runs a private image that another pod's credentials have pulled to the
// node (upstream plugin/pkg/admission/alwayspullimages). An update that brings no new image stays
// as it is.
import type { Pod } from '../apis/core/v1/types.js';
import { fieldErrors, fieldErrorsText } from '../apimachinery/errors/status-error.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { allContainers } from '../component-helpers/pods.js';
import { refusal } from './refuse.js';

const ALWAYS = 'Always';

interface Pulled {
  /** 'spec.containers[0].imagePullPolicy' */
  field: string;
  policy: string | undefined;
  pullAlways(): void;
}

function* pullsOf({ spec }: Pod): Generator<Pulled> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries())
      yield {
        field: `spec.${list}[${index}].imagePullPolicy`,
        policy: container.imagePullPolicy,
        pullAlways: () => void (container.imagePullPolicy = ALWAYS),
      };
  }
  for (const [index, { image }] of (spec.volumes ?? []).entries())
    if (image)
      yield {
        field: `spec.volumes[${index}].image.pullPolicy`,
        policy: image.pullPolicy,
        pullAlways: () => void (image.pullPolicy = ALWAYS),
      };
}

function isIgnored({ subresource, object, oldObject }: AdmissionRequest): boolean {
  if (subresource !== '' && subresource !== 'ephemeralcontainers') return true;
  if (!oldObject) return false;
  const images = (pod: Pod) => new Set(allContainers(pod.spec).map(({ image }) => image));
  const old = images(oldObject as Pod);
  return [...images(object as Pod)].every((image) => old.has(image));
}

export const alwaysPullImages: AdmissionPluginFactory = () => ({
  name: 'AlwaysPullImages',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate(request) {
    if (isIgnored(request)) return;
    for (const pulled of pullsOf(request.object as Pod)) pulled.pullAlways();
  },
  validate(request) {
    if (isIgnored(request)) return;
    const wrong = [...pullsOf(request.object as Pod)].filter(({ policy }) => policy !== ALWAYS);
    const errors = wrong.map(({ field, policy = '' }) =>
      fieldErrors.notSupported(field, policy, [ALWAYS]),
    );
    if (errors.length) throw refusal(request, fieldErrorsText(errors));
  },
});
