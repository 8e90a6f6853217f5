// kubeadm token: bootstrap tokens are secrets of kube-system, with which machines join.
import { randomInt } from 'node:crypto';
import { stringify } from 'yaml';
import { isReason } from '../../pkg/apimachinery/errors/status-error.js';
import { humanDuration } from '../../pkg/apimachinery/duration/human-duration.js';
import type { Secret } from '../../pkg/apis/core/v1/types.js';
import { CONFIG_MAPS, SECRETS } from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import {
  BOOTSTRAP_TOKEN_TYPE,
  isTokenGroup,
  tokenField,
  tokenGroups,
  tokenParts,
  TOKEN_GROUP,
  tokenSecretName,
} from '../../pkg/component-helpers/bootstrap-tokens.js';
import { columns } from '../../pkg/util/columns/columns.js';
import type { Config } from '../flags.js';
import { CLUSTER_INFO, clusterOf, publicKeyHashes } from './cluster-info.js';
import { command } from './command.js';
import { CREATE_FLAGS, DELETE_FLAGS, LIST_FLAGS } from './flags.generated.js';

const NAMESPACE = 'kube-system';
const HEADS = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'];
const FIELDS = ['token-id', 'token-secret', 'description', 'expiration'];
const USAGE = 'usage-bootstrap-';
const quoted = (text: string): string => JSON.stringify(text);
const ID = quoted('\\A([a-z0-9]{6})\\z');
const TOKEN = quoted('\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z');

function generateToken(): string {
  const letters = Array.from({ length: 22 }, () => randomInt(36).toString(36)).join('');
  return `${letters.slice(0, 6)}.${letters.slice(6)}`;
}

/** The fault in the uses of a new token, in upstream's words. */
function wrongUse(usages: readonly string[], groups: readonly string[]): string | undefined {
  const usage = usages.find((one) => !['signing', 'authentication'].includes(one));
  if (usage !== undefined)
    return `invalid bootstrap token usage string: ${usage}, valid usage options: signing,authentication`;
  if (groups.length && !usages.includes('authentication'))
    return 'token groups cannot be specified unless --usages includes "authentication"';
  const group = groups.find((one) => !isTokenGroup(one));
  return group === undefined
    ? undefined
    : `bootstrap group ${quoted(group)} is invalid (must match ${TOKEN_GROUP})`;
}

async function createToken(
  client: () => Promise<Client>,
  token: string,
  { usages, groups, description, ttl }: Config<typeof CREATE_FLAGS>,
  now: number,
): Promise<void> {
  const parts = tokenParts(token);
  const problem = parts
    ? wrongUse(usages, groups)
    : `the bootstrap token ${quoted(token)} was not of the form ${TOKEN}`;
  if (!parts || problem) throw new Error(problem);
  const fields = {
    'token-id': parts.id,
    'token-secret': parts.secret,
    ...(description && { description }),
    ...(ttl && { expiration: new Date(now + ttl).toISOString().replace(/\.\d+/, '') }),
    ...Object.fromEntries(usages.map((usage) => [USAGE + usage, 'true'])),
    ...(groups.length && { 'auth-extra-groups': groups.join() }),
  };
  const secret = {
    apiVersion: 'v1' as const,
    kind: 'Secret' as const,
    metadata: { name: tokenSecretName(parts.id), namespace: NAMESPACE },
    type: BOOTSTRAP_TOKEN_TYPE,
    stringData: fields,
  };
  await (await client()).create(SECRETS, secret).catch((error: unknown) => {
    if (!isReason(error, 'AlreadyExists')) throw error;
    throw new Error(`a token with id "${parts.id}" already exists`, { cause: error });
  });
}

/**
 * The command line for a machine that joins. Address and authority are those that machines find in
 * cluster-info; those of the administrator's own kubeconfig may be of loopback.
 */
async function joinCommand(client: Client, token: string): Promise<string> {
  const { data } = await client.get(CONFIG_MAPS, CLUSTER_INFO);
  const { server, caPem } = clusterOf(data?.['kubeconfig'] ?? '');
  const hashes = publicKeyHashes(caPem).map((hash) => ` --discovery-token-ca-cert-hash ${hash}`);
  return `kubeadm join ${new URL(server).host} --token ${token}${hashes.join('')}`;
}

/** As output.kubeadm.k8s.io/v1alpha3. Undefined, and a warning, for a secret that is no token. */
function tokenOf(secret: Secret) {
  const [id, value, description, expires] = FIELDS.map((name) => tokenField(secret, name));
  const token = `${id}.${value}`;
  if (!tokenParts(token) || secret.metadata.name !== tokenSecretName(id!)) {
    process.stderr.write(`bootstrap Token Secret is invalid: ${secret.metadata.name}\n`);
    return undefined;
  }
  const usages = Object.keys(secret.data ?? {})
    .filter((key) => key.startsWith(USAGE) && tokenField(secret, key) === 'true')
    .map((key) => key.slice(USAGE.length))
    .sort();
  const groups = tokenGroups(secret);
  return {
    kind: 'BootstrapToken',
    apiVersion: 'output.kubeadm.k8s.io/v1alpha3',
    token,
    ...(description && { description }),
    ...(expires && { expires }),
    ...(usages.length && { usages }),
    ...(groups.length && { groups }),
  };
}

async function listTokens(client: Client, output: string, now: number): Promise<string> {
  const fieldSelector = `type=${BOOTSTRAP_TOKEN_TYPE}`;
  const { items } = await client.list(SECRETS, { namespace: NAMESPACE, fieldSelector });
  const tokens = items.flatMap((secret) => tokenOf(secret) ?? []);
  if (output === 'json')
    return tokens.map((token) => `${JSON.stringify(token, null, 4)}\n`).join('');
  if (output === 'yaml')
    return tokens.map((token) => stringify(token, { sortMapEntries: true })).join('---\n');
  const rows = tokens.map(({ token, expires, usages, description, groups }) => [
    token,
    expires ? humanDuration(Date.parse(expires) - now) : '<forever>',
    expires ?? '<never>',
    ...[usages?.join(), description, groups?.join()].map((text) => text ?? '<none>'),
  ]);
  return rows.length ? `${columns([HEADS, ...rows], 3, 10)}\n` : '';
}

/** Deletes the token that is named by its whole text or its ID. */
async function deleteToken(client: Client, name: string): Promise<string> {
  const id = /^[a-z0-9]{6}$/.test(name) ? name : tokenParts(name)?.id;
  if (id === undefined)
    throw new Error(`given token ${quoted(name)} didn't match pattern ${ID} or ${TOKEN}`);
  await client.delete(SECRETS, { namespace: NAMESPACE, name: tokenSecretName(id) });
  return `bootstrap token "${id}" deleted\n`;
}

export const TOKEN_COMMANDS = {
  'token create': command(
    'Create bootstrap tokens on the server',
    CREATE_FLAGS,
    ['[token]'],
    async ({ client, flags, env: { clock }, operands: [token = generateToken()] }) => {
      const line = flags['print-join-command'] ? await joinCommand(await client(), token) : token;
      await createToken(client, token, flags, clock.now());
      return `${line}\n`;
    },
  ),
  'token delete': command(
    'Delete bootstrap tokens on the server',
    DELETE_FLAGS,
    ['<token-value...>'],
    async ({ client, operands }) => {
      let lines = '';
      for (const name of operands) lines += await deleteToken(await client(), name);
      return lines;
    },
  ),
  'token generate': command(
    'Generate and print a bootstrap token, but do not create it on the server',
    {},
    [],
    async () => `${generateToken()}\n`,
  ),
  'token list': command(
    'List bootstrap tokens on the server',
    LIST_FLAGS,
    [],
    async ({ client, flags, env: { clock } }) =>
      listTokens(await client(), flags.output, clock.now()),
  ),
};
