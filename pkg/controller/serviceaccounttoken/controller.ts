// serviceaccount-token-controller: fills token Secrets that users create for service accounts,
// deletes them with their account, and removes deleted Secrets from the account's list (upstream:
// pkg/controller/serviceaccount/tokens_controller.go). It creates no Secrets: pods get tokens from
// the TokenRequest API.
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
} from '../runtime/controller.js';
import { deleteObject, ignoreNotFound } from '../../client/requests.js';
import { accountNameOf, isTokenSecret, ownAccount, planTokenSecret } from './plan.js';

export interface TokenControllerOptions {
  rootCa: string;
  /** Undefined without --service-account-private-key-file; the controller does not run then. */
  signServiceAccountToken: ((claims: Record<string, unknown>) => Promise<string>) | undefined;
}

/** 'gone:NAMESPACE/ACCOUNT/SECRET': the account may still refer to the deleted secret. */
const GONE_PREFIX = 'gone:';

export function createServiceAccountTokenController(
  context: ControllerContext,
  { rootCa, signServiceAccountToken: sign }: TokenControllerOptions,
): Controller | undefined {
  if (!sign) return undefined;
  const { client, informers } = context;
  const secrets = informers.informer(SECRETS);
  const accounts = informers.informer(SERVICE_ACCOUNTS);

  async function reconcile(key: string): Promise<void> {
    const secret = secrets.store.get(key);
    if (!secret || !isTokenSecret(secret) || secret.metadata.deletionTimestamp) return;
    const account = await accountOf(secret);
    if (!account) return void (await deleteObject(client, SECRETS, secret));
    const update = planTokenSecret(secret, account, rootCa);
    if (!update) return;
    const token = update.claims && btoa(await sign!(update.claims));
    const annotations = { ...secret.metadata.annotations, ...update.annotations };
    const data = { ...secret.data, ...update.data, ...(token && { token }) };
    const next: Secret = { ...secret, metadata: { ...secret.metadata, annotations }, data };
    await client.update(SECRETS, next).catch(ignoreNotFound);
  }

  function keysOfAccount({ metadata }: ServiceAccount, change: ChangeType): string[] {
    if (change === 'updated') return [];
    return secrets.store
      .byIndex('namespace', metadata.namespace ?? '')
      .filter((secret) => isTokenSecret(secret) && accountNameOf(secret) === metadata.name)
      .map(keyOf);
  }

  /** The cache may not show a new account yet; an account that it does not show is read live. */
  async function accountOf(secret: Secret): Promise<ServiceAccount | undefined> {
    const namespace = secret.metadata.namespace ?? '';
    const name = accountNameOf(secret);
    const known = ownAccount(secret, accounts.store.get(`${namespace}/${name}`));
    if (known || !name) return known;
    const account = await client.get(SERVICE_ACCOUNTS, { namespace, name }).catch(ignoreNotFound);
    return ownAccount(secret, account);
  }

  async function forgetReference(key: string): Promise<void> {
    const at = key.lastIndexOf('/');
    const account = accounts.store.get(key.slice(0, at));
    const name = key.slice(at + 1);
    const namespace = key.slice(0, key.indexOf('/'));
    if (
      !account?.secrets?.some((reference) => reference.name === name) ||
      secrets.store.get(`${namespace}/${name}`)
    )
      return;
    const next = {
      ...account,
      secrets: account.secrets.filter((reference) => reference.name !== name),
    };
    await client.update(SERVICE_ACCOUNTS, next).catch(ignoreNotFound);
  }

  return {
    watches: [
      watch(secrets, (secret, _old, change) => keysOfSecret(secret, change)),
      watch(accounts, (account, _old, change) => keysOfAccount(account, change)),
    ],
    reconcile: (key) =>
      key.startsWith(GONE_PREFIX) ? forgetReference(key.slice(GONE_PREFIX.length)) : reconcile(key),
  };
}

function keysOfSecret(secret: Secret, change: ChangeType): string[] {
  if (!isTokenSecret(secret)) return [];
  const { name, namespace } = secret.metadata;
  return [
    change === 'deleted'
      ? `${GONE_PREFIX}${namespace}/${accountNameOf(secret)}/${name}`
      : keyOf(secret),
  ];
}
