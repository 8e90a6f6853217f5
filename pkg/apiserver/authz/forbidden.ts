// The message of a forbidden request, in upstream's words
// (endpoints/handlers/responsewriters/errors.go).
import {
  forbidden,
  statusError,
  type StatusError,
} from '../../apimachinery/errors/status-error.js';
import type { Attributes } from '../auth/authorizer.js';

/** 'User "x" cannot list resource "pods" in API group "" in the namespace "y"' */
export function forbiddenReason(attributes: Attributes, reason?: string): string {
  const user = JSON.stringify(attributes.user.name);
  const { verb, group, namespace } = attributes;
  const resource = attributes.subresource
    ? `${attributes.resource}/${attributes.subresource}`
    : attributes.resource;
  const where = namespace
    ? `in the namespace ${JSON.stringify(namespace)}`
    : 'at the cluster scope';
  const text =
    attributes.path !== undefined
      ? `User ${user} cannot ${verb} path ${JSON.stringify(attributes.path)}`
      : `User ${user} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`;
  return reason ? `${text}: ${reason}` : text;
}

/** The answer to a request that authorization refused. */
export function forbiddenError(attributes: Attributes, reason?: string): StatusError {
  const why = forbiddenReason(attributes, reason);
  if (attributes.path !== undefined) return statusError('Forbidden', `forbidden: ${why}`, {});
  return forbidden(
    { group: attributes.group, resource: attributes.resource },
    attributes.name,
    why,
  );
}
