// JSON merge patch (RFC 7396).
import { cloneJson, isJsonObject, setMember } from '../meta/clone.js';

/** A new value; `original` and `patch` stay unchanged and share nothing with the result. */
export const applyMergePatch = (original: unknown, patch: unknown): unknown =>
  merge(cloneJson(original), patch);

function merge(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return cloneJson(patch);
  const out = isJsonObject(target) ? target : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else setMember(out, key, merge(Object.hasOwn(out, key) ? out[key] : undefined, value));
  }
  return out;
}
