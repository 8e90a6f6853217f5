// The state of a running cluster that the checks of the CIS benchmark ask about: flags of the
// running processes, modes and owners of files, objects of the API.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { RoleBinding } from '../../pkg/apis/rbac/v1/types.js';
import {
  CLUSTER_ROLE_BINDINGS,
  PODS,
  SUBJECT_ACCESS_REVIEWS,
} from '../../pkg/apis/resource-types.js';
import { CIS_CHECKS } from './cis-checks.generated.js';
import { statusOf } from '../../hack/cluster/cluster-status.js';
import { layoutOf, type Layout } from '../../hack/cluster/layout.js';
import type { ClusterRecord } from '../../hack/cluster/record.js';
import { adminClient } from '../../hack/cluster/start.js';

export interface Facts {
  layout: Layout;
  nodes: readonly string[];
  /** The flags of a component's first running process. */
  flags: ReadonlyMap<string, ReadonlyMap<string, string>>;
  pids: ReadonlyMap<string, number>;
  pods: readonly Pod[];
  clusterRoleBindings: readonly Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>[];
  /** Whether every authenticated user may do this; SubjectAccessReviews of the running server. */
  anyoneMay: ReadonlyMap<string, boolean>;
  /** The status with which a kubelet answers somebody without credentials. */
  anonymousKubelet: number;
}

/** Questions of a check: verb and resource, or verb, resource and group. */
export const questionsOf = (check: string): string[] =>
  check.startsWith('may ') ? check.slice('may '.length).split('; ') : [];

/** Flags by component of one process; hyperkube's line has a part for each of its components. */
export function flagsOf(words: readonly string[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let flags: Map<string, string> | undefined;
  for (const word of words) {
    const named = /(?:^|\/)(etcd|kube-[a-z-]+|kubelet|flanneld)(?:\/main\.js)?$/.exec(word)?.[1];
    if (named && !word.startsWith('-')) found.set(named, (flags = new Map()));
    const [, name, value = 'true'] = /^--([a-z0-9-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name) flags?.set(name, value);
  }
  return found;
}

const anonymousStatus = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = { host, port: 10250, path: '/pods', rejectUnauthorized: false, timeout: 5000 };
    get(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });

export async function gatherFacts(record: ClusterRecord): Promise<Facts> {
  const { processes } = await statusOf(record);
  const flags = new Map<string, ReadonlyMap<string, string>>();
  const pids = new Map<string, number>();
  for (const { pid, service } of processes) {
    if (pid === undefined) throw new Error(`${service} does not run`);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    for (const [name, own] of flagsOf(words)) {
      if (flags.has(name)) continue;
      flags.set(name, own);
      pids.set(name, pid);
    }
  }
  const client = await adminClient(record);
  try {
    const anyoneMay = new Map<string, boolean>();
    for (const question of CIS_CHECKS.flatMap(([, , check = '']) => questionsOf(check))) {
      const [verb = '', path = '', group = ''] = question.split(' ');
      const [resource = '', subresource = ''] = path.split('/');
      const review = await client.create(SUBJECT_ACCESS_REVIEWS, {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        metadata: {},
        spec: {
          user: 'somebody',
          groups: ['system:authenticated'],
          resourceAttributes: { verb, group, resource, subresource },
        },
      });
      anyoneMay.set(question, review.status?.allowed === true);
    }
    return {
      layout: layoutOf(record.name),
      nodes: record.nodes.map(({ name }) => name),
      flags,
      pids,
      pods: (await client.list(PODS)).items,
      clusterRoleBindings: (await client.list(CLUSTER_ROLE_BINDINGS)).items,
      anyoneMay,
      anonymousKubelet: await anonymousStatus(record.nodes[0]!.address),
    };
  } finally {
    await client.close();
  }
}

/** Files below `folder` whose names end in `end`. */
export function filesBelow(folder: string, end = ''): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The first of these files that others than root own or may open beyond `mode`. */
export function tooOpen(paths: readonly string[], mode: number): string | undefined {
  return paths.find((path) => {
    const { mode: bits, uid, gid } = statSync(path);
    return (bits & 0o777 & ~mode) !== 0 || uid !== 0 || gid !== 0;
  });
}
