// Users and roles of etcd (etcdserverpb.Auth, v3.4 and later). A client is the user whose name is
// the common name of its certificate, and has no password.
import { CALL_TIMEOUT_MS } from '../limits.js';
import type { EtcdOptions } from './etcd-storage.js';
import { GrpcConnection, GrpcError } from './grpc-connection.js';
import { rangeEnd, rangeStart } from './messages.js';
import { WireReader, WireWriter } from './wire.js';

/** The only user that may change users and roles; etcd demands one of this name. */
export const ETCD_ROOT = 'root';

/** Permission.Type of authpb. */
const ACCESS = { read: 0, write: 1, readwrite: 2 } as const;

/** A right of a user to one key, or to all keys with a prefix ('' is the whole key space). */
export type Grant = { access: keyof typeof ACCESS } & ({ key: string } | { prefix: string });

interface Permission {
  type: number;
  key: Buffer;
  end: Buffer;
}

const FAILED_PRECONDITION = 9;

function permissionOf(grant: Grant): Permission {
  const type = ACCESS[grant.access];
  if ('key' in grant) return { type, key: Buffer.from(grant.key), end: Buffer.alloc(0) };
  return { type, key: rangeStart(grant.prefix), end: rangeEnd(grant.prefix) };
}

function readPermission(reader: WireReader): Permission {
  const permission: Permission = { type: 0, key: Buffer.alloc(0), end: Buffer.alloc(0) };
  while (reader.next()) {
    if (reader.field === 1) permission.type = reader.number();
    else if (reader.field === 2) permission.key = reader.bytes();
    else if (reader.field === 3) permission.end = reader.bytes();
  }
  return permission;
}

const samePermission = (a: Permission, b: Permission) =>
  a.type === b.type && a.key.equals(b.key) && a.end.equals(b.end);

const named = (name: string) => new WireWriter().text(1, name);

/**
 * Gives each user exactly these rights, by a role of the user's name, and switches authentication
 * on. Users and roles that are not named here stay. May be called again, with the certificate of
 * ETCD_ROOT. Throws GrpcError when etcd refuses.
 */
export async function grantRights(
  options: EtcdOptions,
  users: Readonly<Record<string, readonly Grant[]>>,
): Promise<void> {
  const connection = new GrpcConnection(options.endpoints, options.tls, options.env);
  const call = async (method: string, message: WireWriter): Promise<WireReader> =>
    new WireReader(
      await connection.unary(`/etcdserverpb.Auth/${method}`, message.finishFrame(), {
        idempotent: true,
        timeoutMs: CALL_TIMEOUT_MS,
      }),
    );
  const ensure = (method: string, message: WireWriter) =>
    call(method, message).catch((error: unknown) => {
      const exists = error instanceof GrpcError && error.code === FAILED_PRECONDITION;
      if (!exists || !error.message.endsWith('already exists')) throw error;
    });
  const grantTo = async (user: string, role: string) => {
    const noPassword = new WireWriter().bool(1, true);
    await ensure('UserAdd', named(user).message(3, noPassword));
    await call('UserGrantRole', named(user).text(2, role));
  };
  try {
    for (const [user, grants] of Object.entries(users)) {
      await ensure('RoleAdd', named(user));
      const present: Permission[] = [];
      const role = await call('RoleGet', named(user));
      while (role.next()) if (role.field === 2) present.push(readPermission(role.message()));
      const wanted = grants.map(permissionOf);
      for (const old of present.filter((one) => !wanted.some((two) => samePermission(one, two))))
        await call('RoleRevokePermission', named(user).bytes(2, old.key).bytes(3, old.end));
      for (const { type, key, end } of wanted) {
        const permission = new WireWriter().number(1, type).bytes(2, key).bytes(3, end);
        await call('RoleGrantPermission', named(user).message(2, permission));
      }
      await grantTo(user, user);
    }
    await ensure('RoleAdd', named(ETCD_ROOT));
    await grantTo(ETCD_ROOT, ETCD_ROOT);
    await call('AuthEnable', new WireWriter());
  } finally {
    connection.close();
  }
}
