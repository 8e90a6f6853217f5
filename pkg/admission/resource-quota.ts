// ResourceQuota: denies objects that would take a namespace beyond its quota (upstream
// plugin/pkg/admission/resourcequota). Usage is counted from the watch cache and from admitted
// objects that the cache does not show yet, so that concurrent creates cannot exceed a quota
// together. Another server's admitted objects are not counted until they are stored.
import { parseQuantity, type Quantity, ZERO_QUANTITY } from '../apimachinery/quantity/quantity.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { Pod, ResourceQuota } from '../apis/core/v1/types.js';
import {
  addUsage,
  isCountable,
  matchesQuotaScope,
  missingCompute,
  quotaUsage,
  type QuotaUsage,
} from '../component-helpers/quota-usage.js';
import * as types from '../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { qualified } from '../apimachinery/errors/status-error.js';
import { refusal } from './refuse.js';

/**
 * An admitted object that the cache does not show after this time was denied later or never stored.
 */
const PENDING_MS = 5_000;

const show = (usage: QuotaUsage): string =>
  Object.entries(usage)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, quantity]) => `${name}=${quantity.toString()}`)
    .join(',');

interface Pending {
  object: ApiObject;
  until: number;
}

export const resourceQuota: AdmissionPluginFactory = ({ env, reader }) => {
  // By 'resource/namespace', then object name.
  const pending = new Map<string, Map<string, Pending>>();

  const unseen = (name: string, namespace: string, present: readonly ApiObject[]): ApiObject[] => {
    const waiting = pending.get(`${name}/${namespace}`);
    if (!waiting) return [];
    const seen = new Set(present.map((object) => object.metadata.name));
    for (const [key, entry] of waiting)
      if (seen.has(key) || entry.until < env.clock.now()) waiting.delete(key);
    if (!waiting.size) pending.delete(`${name}/${namespace}`);
    return [...waiting.values()].map((entry) => entry.object);
  };

  const remember = (name: string, request: AdmissionRequest): void => {
    const key = `${name}/${request.namespace}`;
    const waiting = pending.get(key) ?? new Map<string, Pending>();
    const id =
      request.object!.metadata.name ||
      `${request.object!.metadata.generateName ?? ''}\n${env.random.next()}`;
    pending.set(
      key,
      waiting.set(id, { object: request.object!, until: env.clock.now() + PENDING_MS }),
    );
  };

  return {
    name: 'ResourceQuota',
    operations: ['CREATE', 'UPDATE'],
    validate(request) {
      const { facts } = request.resource;
      const name = qualified(facts);
      if (!changesUsage(name, request) || !isCountable(facts, facts.verbs)) return;
      const now = env.clock.now();
      const quotas = reader
        .list(types.RESOURCE_QUOTAS, request.namespace)
        .filter((quota) => matchesQuotaScope(quota, name, request.object!));
      if (!quotas.length) return;
      const objects = (): ApiObject[] => {
        const present = reader.list<ApiObject>(facts, request.namespace);
        return [...present, ...unseen(name, request.namespace, present)];
      };
      let mustRemember = false;
      for (const quota of quotas)
        mustRemember = checkQuota(request, name, quota, objects, now) || mustRemember;
      if (mustRemember && request.operation === 'CREATE' && !request.context.dryRun)
        remember(name, request);
    },
  };
};

/** Updates of these resources can add to their usage. */
const GROWING = ['services', 'persistentvolumeclaims'];

const changesUsage = (name: string, { operation, subresource }: AdmissionRequest): boolean =>
  !subresource && (operation === 'CREATE' || GROWING.includes(name));

/**
 * True when the quota counts the object.
 * @throws StatusError Forbidden when the object exceeds the quota.
 */
function checkQuota(
  request: AdmissionRequest,
  name: string,
  quota: ResourceQuota,
  objects: () => readonly ApiObject[],
  now: number,
): boolean {
  const hard = Object.entries(quota.spec?.hard ?? {});
  if (name === 'pods' && request.operation === 'CREATE') {
    const missing = missingCompute(quota, request.object as Pod);
    if (missing.length)
      throw refusal(
        request,
        `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`,
      );
  }
  const wanted = quotaUsage(name, request.object!, now);
  const before = request.oldObject ? quotaUsage(name, request.oldObject, now) : {};
  const delta: QuotaUsage = {};
  for (const [resource] of hard) {
    const grows = wanted[resource]?.sub(before[resource] ?? ZERO_QUANTITY);
    if (grows && grows.sign > 0) delta[resource] = grows;
  }
  if (!Object.keys(delta).length) return false;
  const used: QuotaUsage = {};
  for (const object of objects())
    if (matchesQuotaScope(quota, name, object)) addUsage(used, quotaUsage(name, object, now));
  const exceeded = hard.filter(
    ([resource, bound]) =>
      delta[resource] &&
      (used[resource] ?? ZERO_QUANTITY).add(delta[resource]).compare(parseQuantity(bound)) > 0,
  );
  if (!exceeded.length) return true;
  const of = (pick: (resource: string, bound: string) => Quantity) =>
    show(
      Object.fromEntries(exceeded.map(([resource, bound]) => [resource, pick(resource, bound)])),
    );
  throw refusal(
    request,
    `exceeded quota: ${quota.metadata.name}, requested: ${of((r) => delta[r]!)}, used: ${of((r) => used[r] ?? ZERO_QUANTITY)}, limited: ${of((_r, bound) => parseQuantity(bound))}`,
  );
}
