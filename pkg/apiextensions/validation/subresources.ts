// Validation of the scale subresource's paths (upstream validation.go,
// ValidateCustomResourceDefinitionSubresources).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { CustomResourceSubresources } from '../../apis/apiextensions/v1/types.js';
import { validateSimplePath } from './columns.js';

/** Where the value at a path may stand, and upstream's words for these places. */
const PLACES = {
  specReplicasPath: { under: ['.spec.'], words: 'under .spec' },
  statusReplicasPath: { under: ['.status.'], words: 'under .status' },
  labelSelectorPath: { under: ['.spec.', '.status.'], words: 'under either .spec or .status' },
} as const;

export function validateSubresources(
  { scale }: CustomResourceSubresources,
  path: string,
): FieldError[] {
  if (!scale) return [];
  return Object.entries(PLACES).flatMap(([name, { under, words }]) => {
    const text = scale[name as keyof typeof PLACES] ?? '';
    if (name === 'labelSelectorPath' && !text) return [];
    const at = `${path}.scale.${name}`;
    const errors = validateSimplePath(text, at);
    return errors.length > 0 || under.some((prefix) => text.startsWith(prefix))
      ? errors
      : [fieldErrors.invalid(at, text, `should be a json path ${words}`)];
  });
}
