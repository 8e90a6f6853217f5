// The Node authorizer (upstream plugin/pkg/auth/authorizer/node): the permissions of user
// system:node:NAME in group system:nodes. The node reads objects that one of its own pods refers
// to, writes the Node and Lease of its own name, and has the permissions of every node.
import type { PolicyRule } from '../../apis/rbac/v1/types.js';
import type { ObjectReader } from '../resource/reader.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Attributes, Authorizer, Decision } from '../auth/authorizer.js';
import { NodeGraph, type GraphKind } from './node-graph.js';
import { ruleAllows } from './rules.js';

const READ = ['get', 'list', 'watch'];
const LEASE_NAMESPACE = 'kube-node-lease';
const no = (reason: string): Decision => ({ allowed: false, reason });
const YES: Decision = { allowed: true };

/**
 * The node's name of a user 'system:node:NAME' in group system:nodes; undefined for other users.
 */
export function nodeOf(user: Pick<UserInfo, 'name' | 'groups'>): string | undefined {
  const prefix = 'system:node:';
  return user.name.startsWith(prefix) &&
    user.name.length > prefix.length &&
    user.groups.includes('system:nodes')
    ? user.name.slice(prefix.length)
    : undefined;
}

/** Whether only one of the name's prefix and the group is that of a node. */
export const isUnnamedNode = (user: Pick<UserInfo, 'name' | 'groups'>): boolean =>
  user.groups.includes('system:nodes') && !nodeOf(user);

const readObject =
  (kind: GraphKind): Rule =>
  (graph, node, attributes) => {
    if (!READ.includes(attributes.verb)) return no('can only read resources of this type');
    if (attributes.subresource) return no('cannot read subresource');
    if (!attributes.namespace) return no('can only read namespaced object of this type');
    return related(graph, node, kind, attributes);
  };

function related(
  graph: NodeGraph,
  node: string,
  kind: GraphKind,
  attributes: Attributes,
): Decision {
  if (!attributes.name) return no('No Object name found');
  if (graph.refers(node, kind, attributes.namespace, attributes.name)) return YES;
  return no(`no relationship found between node '${node}' and this object`);
}

function claim(graph: NodeGraph, node: string, attributes: Attributes): Decision {
  const allowed =
    attributes.subresource === 'status'
      ? ['get', 'update', 'patch']
      : attributes.subresource
        ? []
        : ['get'];
  if (!allowed.includes(attributes.verb))
    return no(
      `can only ${allowed.join(', ') || 'not use this subresource of'} resources of this type`,
    );
  return related(graph, node, 'persistentvolumeclaim', attributes);
}

function volume(graph: NodeGraph, node: string, attributes: Attributes): Decision {
  if (attributes.verb !== 'get' || attributes.subresource)
    return no('can only get individual resources of this type');
  return graph.usesVolume(node, attributes.name)
    ? YES
    : no(`no relationship found between node '${node}' and this object`);
}

function token(graph: NodeGraph, node: string, attributes: Attributes): Decision {
  if (attributes.verb !== 'create' || attributes.subresource !== 'token')
    return no('can only create tokens for individual service accounts');
  return related(graph, node, 'serviceaccount', attributes);
}

function lease(node: string, attributes: Attributes): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(attributes.verb))
    return no('can only get, create, update, patch, or delete a node lease');
  if (attributes.namespace !== LEASE_NAMESPACE)
    return no(`can only access leases in the "${LEASE_NAMESPACE}" system namespace`);
  if (attributes.verb !== 'create' && attributes.name !== node)
    return no('can only access node lease with the same name as the requesting node');
  return YES;
}

function csiNode(node: string, attributes: Attributes): Decision {
  if (attributes.subresource) return no('cannot authorize CSINode subresources');
  if (attributes.verb !== 'create' && attributes.name !== node)
    return no('can only access CSINode with the same name as the requesting node');
  return YES;
}

/** Reads of nodes must name the node itself; undefined leaves other requests to the rules. */
function nodes(node: string, attributes: Attributes): Decision | undefined {
  if (!READ.includes(attributes.verb) || attributes.subresource) return undefined;
  return attributes.name === node
    ? YES
    : no(
        `node '${node}' cannot read '${attributes.name || 'all nodes'}', only its own Node object`,
      );
}

function pods(graph: NodeGraph, node: string, attributes: Attributes): Decision | undefined {
  if (!READ.includes(attributes.verb) || attributes.subresource) return undefined;
  if (attributes.verb === 'get') return related(graph, node, 'pod', attributes);
  return attributes.fields?.['spec.nodeName'] === node
    ? YES
    : no('can only list/watch pods with spec.nodeName field selector');
}

type Rule = (graph: NodeGraph, node: string, attributes: Attributes) => Decision | undefined;

/** By resource and group; a rule that returns undefined leaves the request to the common rules. */
const RULES = new Map<string, Rule>([
  ['secrets', readObject('secret')],
  ['configmaps', readObject('configmap')],
  ['persistentvolumeclaims', claim],
  ['persistentvolumes', volume],
  ['serviceaccounts', token],
  ['leases.coordination.k8s.io', (_, node, attributes) => lease(node, attributes)],
  ['csinodes.storage.k8s.io', (_, node, attributes) => csiNode(node, attributes)],
  ['nodes', (_, node, attributes) => nodes(node, attributes)],
  ['pods', pods],
]);

/**
 * Has no opinion about users that are no nodes. `rules` are the permissions of every node (upstream
 * bootstrappolicy.NodeRules).
 */
export function nodeAuthorizer(reader: ObjectReader, rules: readonly PolicyRule[]): Authorizer {
  const graph = new NodeGraph(reader);
  return (attributes) => {
    const node = nodeOf(attributes.user);
    if (!node)
      return isUnnamedNode(attributes.user)
        ? no(`unknown node for user ${JSON.stringify(attributes.user.name)}`)
        : { allowed: false };
    if (attributes.path !== undefined) return { allowed: false };
    const { group, resource } = attributes;
    const rule = RULES.get(group ? `${resource}.${group}` : resource);
    const decision = rule?.(graph, node, attributes);
    if (decision) return decision;
    return rules.some((allowed) => ruleAllows(allowed, attributes)) ? YES : { allowed: false };
  };
}
