// Runs the steps of field ownership for kinds whose versions share one schema.
import type { Asking } from '../../pkg/apimachinery/apply/managed-fields.js';

/** `steps` as a function that needs no object in another version. */
export const unasked =
  <A extends unknown[], T>(steps: (...args: A) => Asking<T>) =>
  (...args: A): T => {
    const step = steps(...args).next();
    if (!step.done) throw new Error(`asked for ${step.value.apiVersion}`);
    return step.value;
  };
