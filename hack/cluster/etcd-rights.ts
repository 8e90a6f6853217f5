// The rights of each certificate at etcd, as data. A stolen certificate of a node's daemon must not
// read the objects of the cluster, nor change the configuration of the network. It can write the
// leases of other nodes, as each flanneld of upstream can: packets for them may go to a wrong node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realEnv } from '../../pkg/system/env.js';
import { grantRights, type Grant } from '../../pkg/storage/etcd/auth.js';
import { etcdUrl } from './components.js';
import { layoutOf } from './layout.js';
import type { ClusterRecord } from './record.js';

/** By the common name of the certificate; all others have no right. */
export const ETCD_RIGHTS: Readonly<Record<string, readonly Grant[]>> = {
  // One watch covers the whole key space, so that every revision reaches the server.
  'kube-apiserver-etcd-client': [
    { access: 'read', prefix: '' },
    { access: 'readwrite', prefix: '/registry/' },
  ],
  'flanneld-etcd-client': [
    { access: 'read', key: '/coreos.com/network/config' },
    { access: 'readwrite', prefix: '/coreos.com/network/subnets/' },
  ],
  'skydns-etcd-client': [{ access: 'read', prefix: '/skydns/' }],
};

/** The files of the only certificate that may change rights, and read and write every key. */
export function etcdRoot(cluster: string): { ca: string; cert: string; key: string } {
  const { pki } = layoutOf(cluster);
  const file = (name: string) => join(pki, 'etcd', name);
  return { ca: file('ca.crt'), cert: file('root.crt'), key: file('root.key') };
}

export async function grantEtcdRights(record: ClusterRecord): Promise<void> {
  const { ca, cert, key } = etcdRoot(record.name);
  const tls = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
  const options = { endpoints: [etcdUrl(record)], tls, env: realEnv('hack', 'error') };
  await grantRights(options, ETCD_RIGHTS);
}
