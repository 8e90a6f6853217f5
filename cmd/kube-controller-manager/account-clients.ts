// Clients of controllers that act as service accounts (upstream
// controller-manager/pkg/clientbuilder): the accounts are made when they are missing, and their
// tokens are renewed before they expire.
import { ignoring, isReason } from '../../pkg/apimachinery/errors/status-error.js';
import type { TokenRequest } from '../../pkg/apis/authentication/v1/types.js';
import { SERVICE_ACCOUNTS } from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import type { ClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import type { Env } from '../../pkg/util/env/env.js';
import { getOrInsert } from '../../pkg/util/map/get-or-insert.js';

const NAMESPACE = 'kube-system';
const TOKEN_SECONDS = 3_600;
/** A token is renewed when this share of its time has passed. */
const RENEW_AT = 0.8;

/** `root` makes the accounts and asks for their tokens. The clients end with the term. */
export function accountClients(
  config: ClientConfig,
  root: Client,
  env: Env,
  term: AbortSignal,
): (account: string) => Client {
  const clients = new Map<string, Client>();
  const { cert: _cert, key: _key, token: _token, tokenFile: _file, ...server } = config;
  const issue = async (name: string): Promise<string> => {
    const key = { namespace: NAMESPACE, name };
    const spec = { expirationSeconds: TOKEN_SECONDS };
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: key } as const;
    const ask = () => root.createSubresource<TokenRequest>(SERVICE_ACCOUNTS, key, 'token', request);
    const answer = await ask().catch(async (error: unknown) => {
      if (!isReason(error, 'NotFound')) throw error;
      await root.create(SERVICE_ACCOUNTS, account).catch(ignoring('AlreadyExists'));
      return ask();
    });
    return answer.status!.token;
  };
  const tokenSource = (name: string): (() => Promise<string>) => {
    let token: Promise<string> | undefined;
    let renewAt = 0;
    return () => {
      if (!token || env.clock.monotonic() >= renewAt) {
        renewAt = env.clock.monotonic() + TOKEN_SECONDS * 1000 * RENEW_AT;
        token = issue(name);
        token.catch(() => (token = undefined));
      }
      return token;
    };
  };
  return (account) =>
    getOrInsert(clients, account, () => {
      const userAgent = `kube-controller-manager/${account}`;
      const made = createClient({ ...server, userAgent, tokenSource: tokenSource(account) }, env);
      term.addEventListener('abort', () => void made.close(), { once: true });
      return made;
    });
}
