// The scale subresource of custom resources: replicas and selector at the paths that the definition
// names. Source: apiextensions-apiserver, etcd.go and validator.go of the registry.
import {
  badRequest,
  fieldErrors,
  internalError,
  type FieldError,
} from '../../apimachinery/errors/status-error.js';
import { isJsonObject, setMember } from '../../apimachinery/meta/clone.js';
import { goTypeOf } from '../../apimachinery/meta/go-text.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { CustomResourceSubresourceScale } from '../../apis/apiextensions/v1/types.js';
import type { ScaleSubresource } from '../../apiserver/resource/definition.js';

const INT32_MAX = 2 ** 31 - 1;

const stepsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

function goText(value: unknown): string {
  if (value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
}

/** The value at `path`; undefined where it is absent. Throws Error for a value of another type. */
function read(object: unknown, path: string, wanted: 'int64' | 'string'): unknown {
  const steps = stepsOf(path);
  const fail = (count: number, value: unknown, type: string): Error =>
    new Error(
      `.${steps.slice(0, count).join('.')} accessor error: ${goText(value)} is of the type ${goTypeOf(value)}, expected ${type}`,
    );
  let value: unknown = object;
  for (const [at, step] of steps.entries()) {
    if (value === null || value === undefined) return undefined;
    if (!isJsonObject(value)) throw fail(at, value, 'map[string]interface{}');
    if (!Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  if (goTypeOf(value) !== wanted) throw fail(steps.length, value, wanted);
  return value;
}

function write(object: unknown, path: string, replicas: number): void {
  const steps = stepsOf(path);
  const last = steps.pop()!;
  let at = object as Record<string, unknown>;
  for (const step of steps) {
    if (!Object.hasOwn(at, step)) setMember(at, step, {});
    const next = at[step];
    if (!isJsonObject(next))
      throw badRequest(
        `value cannot be set because .${steps.join('.')} is not a map[string]interface{}`,
      );
    at = next;
  }
  setMember(at, last, replicas);
}

export function scaleOfCustomResource(
  scale: CustomResourceSubresourceScale,
): ScaleSubresource<ApiObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return {
    checksParent: true,
    specReplicas: stepsOf(specReplicasPath),
    read(object) {
      const replicas = read(object, specReplicasPath, 'int64') as number | undefined;
      const selector = labelSelectorPath && read(object, labelSelectorPath, 'string');
      return {
        specReplicas: replicas ?? 0,
        ...(replicas === undefined && {
          missing: internalError(
            new Error(`the spec replicas field ${JSON.stringify(specReplicasPath)} does not exist`),
          ),
          empty: badRequest(
            `the spec replicas field ${JSON.stringify(specReplicasPath)} cannot be empty`,
          ),
        }),
        statusReplicas: (read(object, statusReplicasPath, 'int64') as number | undefined) ?? 0,
        selector: (selector as string | undefined) ?? '',
      };
    },
    write: (object, replicas) => write(object, specReplicasPath, replicas),
  };
}

/** Problems at the paths of the scale in a whole custom resource. */
export function validateScaleOf(
  object: ApiObject,
  scale: CustomResourceSubresourceScale,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (path: string | undefined, type: 'int64' | 'string'): void => {
    if (!path) return;
    try {
      const value = read(object, path, type);
      if (type === 'string' || value === undefined) return;
      if ((value as number) < 0)
        errors.push(fieldErrors.invalid(path, value, 'should be a non-negative integer'));
      else if ((value as number) > INT32_MAX)
        errors.push(
          fieldErrors.invalid(path, value, `should be less than or equal to ${INT32_MAX}`),
        );
    } catch (error) {
      errors.push(fieldErrors.invalid(path, type === 'int64' ? 0 : '', (error as Error).message));
    }
  };
  check(scale.specReplicasPath, 'int64');
  check(scale.statusReplicasPath, 'int64');
  check(scale.labelSelectorPath, 'string');
  return errors;
}
