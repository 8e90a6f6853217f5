// Joins controllers, the scheduler and hollow nodes with an API server of this process. Each is a
// client of its own, with the certificate and the rights that it has in a real cluster.
import {
  controllerOptions,
  runTerm as runControllers,
} from '../../../cmd/kube-controller-manager/run.js';
import { parseOptions, SIGNING_FLAGS } from '../../../cmd/kube-controller-manager/options.js';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { runTerm as runScheduler } from '../../../cmd/kube-scheduler/run.js';
import { keyOf, type ResourceType } from '../../../pkg/apimachinery/meta/object.js';
import type { ServiceAccount } from '../../../pkg/apis/core/v1/types.js';
import { NODES, SERVICE_ACCOUNTS, STORAGE_CLASSES } from '../../../pkg/apis/resource-types.js';
import type { StorageClass } from '../../../pkg/apis/storage/v1/types.js';
import { ignoring } from '../../../pkg/apimachinery/errors/status-error.js';
import type { Client } from '../../../pkg/client/client.js';
import { createEventRecorder } from '../../../pkg/client/record-events.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { isNodeReady } from '../../../pkg/component-helpers/nodes.js';
import type { ControllerDescriptor } from '../../../pkg/controller/controllers.js';
import { CLASS } from '../../../pkg/controller/localpath/objects.generated.js';
import { runHollowNode } from '../../../pkg/kubelet/hollow-node.js';
import { issue } from '../../../pkg/system/pki/certificates.js';
import { signingKey, signJwt } from '../../../pkg/system/pki/jwt.js';
import type { Env, Timer } from '../../../pkg/util/env/env.js';
import { nodeName } from './options.js';
import type { NodeOptions } from './wheelhouse-test.js';

export interface Parts {
  chosen: readonly ControllerDescriptor[];
  nodes: readonly NodeOptions[];
}

/** Times of a hollow node in milliseconds. */
const FAST = { sandboxDelay: 2, startDelay: 2, stopDelay: 2 };
const JOB_MS = 10;
const READY_MS = 30_000;
/** Each node adds this much, so that a large cluster may start on a busy machine. */
const READY_PER_NODE_MS = 250;

/** Resolves when `count` objects satisfy `holds`. */
function counted<T>(
  { server }: RunningApiServer,
  type: ResourceType<T>,
  count: number,
  holds: (object: T) => boolean,
): Promise<void> {
  if (count === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const good = new Set<string>();
    const stop = server.services.reader.observe(type, (change) => {
      if (!change.deleted && holds(change.object())) good.add(`${change.namespace}/${change.name}`);
      if (good.size < count) return;
      queueMicrotask(() => stop()); // the first call may come before `stop` has its value
      resolve();
    });
  });
}

interface JoinedParts {
  /** Resolves when `signal` has ended every part. */
  ended: Promise<unknown>;
  /** Rejects when a part ends before that. */
  broken: Promise<unknown>;
}

/**
 * Starts the parts, which `signal` ends. Resolves when the nodes are ready and pods are admitted;
 * rejects when a part fails.
 */
export async function joinCluster(
  api: RunningApiServer,
  { chosen, nodes }: Parts,
  env: Env,
  signal: AbortSignal,
): Promise<JoinedParts> {
  const clients: Client[] = [];
  const clientOf = (commonName: string, organizations: readonly string[] = []): Client => {
    const pair = issue({ ca: api.pki.ca, commonName, organizations, usages: ['client'] });
    const client = createClient(
      {
        server: api.url,
        ca: api.caPem,
        cert: pair.certPem,
        key: pair.keyPem,
        userAgent: commonName.replace(/^system:/, ''),
      },
      env,
    );
    clients.push(client);
    return client;
  };
  const run: Promise<void>[] = [];
  if (chosen.length) {
    const key = signingKey(api.pki.serviceAccountKey);
    const options = {
      ...(await controllerOptions(parseOptions(['--kubeconfig', 'none']), api.caPem)),
      signServiceAccountToken: (claims: Record<string, unknown>) => signJwt(claims, key),
      clusterSigning: new Map(SIGNING_FLAGS.map(([, signer]) => [signer, api.pki.ca])),
    };
    run.push(
      runControllers(env, clientOf('system:kube-controller-manager'), chosen, options, signal),
    );
  }
  run.push(runScheduler(env, clientOf('system:kube-scheduler'), 'default-scheduler', signal));
  nodes.forEach((node, at) => {
    const name = nodeName(node, at);
    const client = clientOf(`system:node:${name}`, ['system:nodes']);
    const recorder = createEventRecorder(client, env, { component: 'kubelet', host: name }, signal);
    const ip = `127.1.${Math.floor(at / 250)}.${(at % 250) + 1}`;
    run.push(
      runHollowNode(
        {
          ...node,
          env,
          client,
          recorder,
          name,
          ip,
          jobDuration: JOB_MS,
          runtime: { ...FAST, subnet: at },
        },
        signal,
      ),
    );
  });
  const ended = Promise.allSettled(run).then(() => Promise.all(clients.map((c) => c.close())));
  const broken = Promise.race(
    run.map(async (part) => {
      await part;
      if (!signal.aborted) throw new Error('a part of the cluster ended by itself');
    }),
  );
  let timer: Timer | undefined;
  const late = new Promise<void>((_resolve, reject) => {
    const limit = READY_MS + nodes.length * READY_PER_NODE_MS;
    const fail = () => reject(new Error(`the cluster is not ready after ${limit / 1000} s`));
    timer = env.clock.after(limit, fail);
  });
  const has = (controller: string) => chosen.some(({ name }) => name === controller);
  // As in `hack/up`: claims without a class get volumes.
  const defaultClass = async () => {
    if (!has('local-path-provisioner')) return;
    const admin = clientOf('wheelhouse-test', ['system:masters']);
    await admin.create(STORAGE_CLASSES, CLASS as StorageClass).catch(ignoring('AlreadyExists'));
  };
  const isDefault = ({ metadata }: ServiceAccount) => keyOf({ metadata }) === 'default/default';
  const ready = Promise.all([
    defaultClass(),
    counted(api, NODES, nodes.length, (node) => isNodeReady(node) && !node.spec.taints?.length),
    counted(api, SERVICE_ACCOUNTS, has('serviceaccount-controller') ? 1 : 0, isDefault),
  ]);
  await Promise.race([ready, broken, late]).finally(() => timer?.cancel());
  return { ended, broken };
}
