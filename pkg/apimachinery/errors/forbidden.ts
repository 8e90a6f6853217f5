// The message of a forbidden request, in upstream's words
// (endpoints/handlers/responsewriters/errors.go).
import { forbidden, statusError, type StatusError } from './status-error.js';

interface Refused {
  user: { name: string };
  verb?: string;
  /** Absent for resource requests. */
  path?: string;
  group?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}

/** 'User "x" cannot list resource "pods" in API group "" in the namespace "y"' */
export function forbiddenReason(refused: Refused, reason?: string): string {
  const user = JSON.stringify(refused.user.name);
  const { verb, group, subresource, namespace } = refused;
  const resource = subresource ? `${refused.resource}/${subresource}` : refused.resource;
  const where = namespace
    ? `in the namespace ${JSON.stringify(namespace)}`
    : 'at the cluster scope';
  const text =
    refused.path !== undefined
      ? `User ${user} cannot ${verb} path ${JSON.stringify(refused.path)}`
      : `User ${user} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`;
  return reason ? `${text}: ${reason}` : text;
}

/** The answer to a request that authorization refused. */
export function forbiddenError(refused: Refused, reason?: string): StatusError {
  const why = forbiddenReason(refused, reason);
  const { path, group = '', resource = '', name = '' } = refused;
  if (path !== undefined) return statusError('Forbidden', `forbidden: ${why}`, {});
  return forbidden({ group, resource }, name, why);
}
