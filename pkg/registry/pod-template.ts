// The strategies of all kinds with a pod template drop fields of disabled feature gates and give
// warnings about the template (upstream pkg/registry/apps/*/strategy.go and others).
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { PodTemplateSpec } from '../apis/core/v1/types.js';
import { dnsLabelWarnings, podTemplateWarnings } from '../apis/core/v1/pod-warnings.js';
import type { ResourceDefinition } from '../apiserver/resource/definition.js';
import { dropGatedFields } from './pod-gates.js';

export interface PodTemplateOf<T> {
  of: (object: T) => PodTemplateSpec | undefined;
  /** Path of the template in warnings: 'spec.template'. */
  path: string;
  /** The kind's name is the first part of host names, which are DNS labels. */
  namesPods?: boolean;
}

type Strategy<T extends ApiObject> = Pick<
  ResourceDefinition<T>,
  'prepareCreate' | 'prepareUpdate' | 'warnings'
>;

export function withPodTemplate<T extends ApiObject>(
  { of, path, namesPods }: PodTemplateOf<T>,
  own: Strategy<T>,
): Strategy<T> {
  return {
    prepareCreate(object, context) {
      own.prepareCreate?.(object, context);
      dropGatedFields(of(object)?.spec, undefined);
    },
    prepareUpdate(next, old, context) {
      own.prepareUpdate?.(next, old, context);
      dropGatedFields(of(next)?.spec, of(old)?.spec);
    },
    warnings(object, old) {
      // An update that leaves the spec alone warns about nothing again.
      if (old && old.metadata.generation === object.metadata.generation) return [];
      return [
        ...(namesPods && !old ? dnsLabelWarnings(object.metadata.name) : []),
        ...podTemplateWarnings(of(object), path),
        ...(own.warnings?.(object, old) ?? []),
      ];
    },
  };
}
