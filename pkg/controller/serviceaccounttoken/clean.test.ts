import assert from 'node:assert/strict';
import type { Client } from '../../client/client.js';
import { notFound } from '../../apimachinery/errors/status-error.js';
import type { ConfigMap, Pod, Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { CONFIG_MAPS, PODS, SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { MemoryInformers } from '../../../test/support/memory-informers.js';
import { createLegacyTokenCleaner } from './cleaner.js';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const NOW = Date.parse('2030-06-15T12:00:00Z');

interface Given {
  created?: string;
  labels?: Record<string, string>;
  type?: string;
  listed?: boolean;
  /** The uid that the secret names. */
  uid?: string;
  deleted?: boolean;
  mounted?: Partial<Pod['spec']>;
  since?: string | null;
}

/** The requests of one look at one token. */
async function look(given: Given): Promise<unknown[]> {
  const requests: unknown[] = [];
  const informers = new MemoryInformers();
  const secret = {
    metadata: {
      namespace: 'n',
      name: 's',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: given.created ?? '2020-01-01T00:00:00Z',
      labels: given.labels ?? {},
      annotations: {
        'kubernetes.io/service-account.name': 'a',
        ...(given.uid ? { 'kubernetes.io/service-account.uid': given.uid } : {}),
      },
      ...(given.deleted ? { deletionTimestamp: '2030-01-01T00:00:00Z' } : {}),
    },
    type: given.type ?? 'kubernetes.io/service-account-token',
  } as unknown as Secret;
  informers.of(SECRETS).put(secret);
  const account = {
    metadata: { namespace: 'n', name: 'a', uid: 'ua' },
  } as unknown as ServiceAccount;
  informers
    .of(SERVICE_ACCOUNTS)
    .put({ ...account, ...(given.listed === false ? {} : { secrets: [{ name: 's' }] }) });
  if (given.mounted)
    informers
      .of(PODS)
      .put({
        metadata: { namespace: 'n', name: 'p' },
        spec: { containers: [], ...given.mounted },
      } as unknown as Pod);
  const client = {
    get: () =>
      given.since === null
        ? Promise.reject(notFound(CONFIG_MAPS, 'x'))
        : Promise.resolve({ data: { since: given.since ?? '2021-01-01' } } as unknown as ConfigMap),
    patch: (_type: unknown, _key: unknown, body: unknown) => Promise.resolve(requests.push(body)),
    delete: (_type: unknown, _key: unknown, options: { preconditions: unknown }) =>
      Promise.resolve(requests.push(options.preconditions)),
  } as unknown as Client;
  const env = virtualEnv();
  await env.clock.advance(NOW - env.clock.now());
  const { signal } = new AbortController();
  const context = { env, client, informers, signal, events: () => assert.fail() };
  const controller = createLegacyTokenCleaner(context, { legacyTokenCleanUpPeriod: YEAR });
  const result = await controller.reconcile('all');
  assert.deepEqual(result, { requeueAfterMs: DAY });
  return requests;
}

const marked = [
  { metadata: { uid: 'u', labels: { 'kubernetes.io/legacy-token-invalid-since': '2030-06-15' } } },
];
const removed = [{ resourceVersion: '7' }];
const used = (day: string) => ({ 'kubernetes.io/legacy-token-last-used': day });
const invalid = (day: string) => ({ 'kubernetes.io/legacy-token-invalid-since': day });

describe('the cleaner of unused service account tokens', () => {
  const cases: [string, Given, unknown[]][] = [
    ['marks a token that was never used', {}, marked],
    ['marks one whose last use is older', { labels: used('2029-06-14') }, marked],
    ['keeps one that was used on the first day that counts', { labels: used('2029-06-15') }, []],
    ['keeps one with a use that is no date', { labels: used('2029-02-30') }, []],
    ['keeps a young one', { created: '2029-06-15T12:00:00Z' }, []],
    ['keeps other secrets', { type: 'Opaque' }, []],
    ['keeps one that goes anyway', { deleted: true }, []],
    ['keeps one that its account does not list', { listed: false }, []],
    ['keeps one of an earlier account', { uid: 'another' }, []],
    ['marks one of this account', { uid: 'ua' }, marked],
    [
      'keeps a mounted one',
      { mounted: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } },
      [],
    ],
    ['keeps one that pulls images', { mounted: { imagePullSecrets: [{ name: 's' }] } }, []],
    ['waits before it removes', { labels: invalid('2029-06-15') }, []],
    ['removes after another period', { labels: invalid('2029-06-14') }, removed],
    [
      'keeps an invalid one that was used',
      { labels: { ...invalid('2029-06-01'), ...used('2030-01-01') } },
      [],
    ],
    ['corrects a mark that is no date', { labels: invalid('long ago') }, marked],
    ['waits until uses were recorded for a period', { since: '2029-06-14' }, marked],
    ['does nothing a day before', { since: '2029-06-15' }, []],
    ['does nothing when nobody records uses', { since: null }, []],
  ];
  for (const [does, given, requests] of cases)
    it(does, async () => assert.deepEqual(await look(given), requests));

  it('fails when the record of its begin is no date', async () => {
    await assert.rejects(look({ since: 'soon' }), /error parsing trackedSince time: soon/);
  });
});
