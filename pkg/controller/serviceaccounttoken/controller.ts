// serviceaccount-token-controller: fills the token Secrets that people make for service accounts, deletes them
// with their account, and takes a deleted one out of the account's list (upstream: pkg/controller/serviceaccount/
// tokens_controller.go). It makes no Secrets itself: pods get bound tokens from the TokenRequest API.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type Informer,
} from '../runtime/controller.js';
import { accountNameOf, isTokenSecret, ownAccount, planFilling } from './plan.js';

export interface TokenControllerOptions {
  concurrentServiceAccountTokenSyncs: number;
  rootCa: string;
  /** Undefined without --service-account-private-key-file: then there is no such controller. */
  signServiceAccountToken: ((claims: Record<string, unknown>) => Promise<string>) | undefined;
}

type Sign = NonNullable<TokenControllerOptions['signServiceAccountToken']>;

/** 'gone:NAMESPACE/ACCOUNT/SECRET': the account may still name the secret. */
const GONE_PREFIX = 'gone:';

export function createServiceAccountTokenController(
  context: ControllerContext,
  options: TokenControllerOptions,
): Controller | undefined {
  const sign = options.signServiceAccountToken;
  return sign && new TokenController(context, options, sign);
}

class TokenController implements Controller {
  readonly name = 'serviceaccount-token-controller';
  readonly workers: number;
  readonly watches: Controller['watches'];
  private readonly secrets: Informer<Secret>;
  private readonly accounts: Informer<ServiceAccount>;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: TokenControllerOptions,
    private readonly sign: Sign,
  ) {
    this.workers = options.concurrentServiceAccountTokenSyncs;
    this.secrets = context.informers.informer(SECRETS);
    this.accounts = context.informers.informer(SERVICE_ACCOUNTS);
    this.watches = [
      watch(this.secrets, (secret, _old, change) => this.keysOfSecret(secret, change)),
      watch(this.accounts, (account, _old, change) => this.keysOfAccount(account, change)),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<void> {
    if (key.startsWith(GONE_PREFIX))
      return this.forgetReference(key.slice(GONE_PREFIX.length), signal);
    const secret = this.secrets.store.get(key);
    if (!secret || !isTokenSecret(secret) || secret.metadata.deletionTimestamp) return;
    const account = await this.accountOf(secret, signal);
    if (!account) return this.remove(secret, signal);
    const filling = planFilling(secret, account, this.options.rootCa);
    if (!filling) return;
    const token = filling.claims && btoa(await this.sign(filling.claims));
    const next: Secret = {
      ...secret,
      metadata: {
        ...secret.metadata,
        annotations: { ...secret.metadata.annotations, ...filling.annotations },
      },
      data: { ...secret.data, ...filling.data, ...(token ? { token } : {}) },
    };
    await this.context.client.update(SECRETS, next, { signal }).catch(unlessGone);
  }

  private keysOfSecret(secret: Secret, change: ChangeType): string[] {
    if (!isTokenSecret(secret)) return [];
    return [
      change === 'deleted'
        ? `${GONE_PREFIX}${secret.metadata.namespace}/${accountNameOf(secret)}/${secret.metadata.name}`
        : keyOf(secret),
    ];
  }

  private keysOfAccount({ metadata }: ServiceAccount, change: ChangeType): string[] {
    if (change === 'updated') return [];
    return this.secrets.store
      .byIndex('namespace', metadata.namespace ?? '')
      .filter((secret) => isTokenSecret(secret) && accountNameOf(secret) === metadata.name)
      .map(keyOf);
  }

  /** An account that the cache does not show may be young: it is asked for. */
  private async accountOf(
    secret: Secret,
    signal: AbortSignal,
  ): Promise<ServiceAccount | undefined> {
    const namespace = secret.metadata.namespace ?? '';
    const name = accountNameOf(secret);
    const known = ownAccount(secret, this.accounts.store.get(`${namespace}/${name}`));
    if (known || !name) return known;
    try {
      return ownAccount(
        secret,
        await this.context.client.get(SERVICE_ACCOUNTS, { namespace, name }, { signal }),
      );
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  private async remove({ metadata }: Secret, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid = '' } = metadata;
    await this.context.client
      .delete(SECRETS, { namespace: namespace!, name }, { preconditions: { uid }, signal })
      .catch(unlessGone);
  }

  private async forgetReference(key: string, signal: AbortSignal): Promise<void> {
    const at = key.lastIndexOf('/');
    const account = this.accounts.store.get(key.slice(0, at));
    const name = key.slice(at + 1);
    const namespace = key.slice(0, key.indexOf('/'));
    if (
      !account?.secrets?.some((reference) => reference.name === name) ||
      this.secrets.store.get(`${namespace}/${name}`)
    )
      return;
    const secrets = account.secrets.filter((reference) => reference.name !== name);
    await this.context.client
      .update(SERVICE_ACCOUNTS, { ...account, secrets }, { signal })
      .catch(unlessGone);
  }
}

/** Gone, or another one of that name by now: an event of its own will come. */
function unlessGone(error: unknown): void {
  if (!isReason(error, 'NotFound')) throw error as Error;
}
