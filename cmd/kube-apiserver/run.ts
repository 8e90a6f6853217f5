// Runs the API server from its flags until abort.
import { readFile } from 'node:fs/promises';
import type { ApiServer } from '../../pkg/apiserver/server/api-server.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import { createMemoryStorage } from '../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../pkg/storage/storage.js';
import { ensureClusterPki } from '../../pkg/system/pki/cluster-pki.js';
import { listenForHealth } from '../../pkg/system/health-server.js';
import { sleep, type Env } from '../../pkg/util/env/env.js';
import type { Watchdog } from '../watchdog.js';
import { FlagError } from '../flags.js';
import { etcdTls, tlsOf } from '../tls-flags.js';
import { readAdmissionConfig } from './admission-config.js';
import { openAudit } from './audit.js';
import { openAuthentication } from './authentication.js';
import { openAuthorization } from './authorization.js';
import { followCertificates, type Certificates } from '../certificate-files.js';
import { openEncryption } from './encryption.js';
import { servesMutatingPolicies } from './gates.js';
import { advertised } from '../host-address.js';
import { firstServiceIP, joinApiServer, primaryFamily, type FrontProxy } from './join.js';
import type { KubeApiserverConfig } from './options.js';
import { uiParts } from './ui-path.js';
import { aborted, onAbort } from '../../pkg/util/wait/abortable.js';
export { parseOptions } from './options.js';

const text = async (path: string | undefined): Promise<string | undefined> =>
  path ? readFile(path, 'utf8') : undefined;

async function openStorage(config: KubeApiserverConfig, env: Env): Promise<Storage> {
  const servers = config['etcd-servers'];
  if (!servers.length) throw new FlagError('kube-apiserver: --etcd-servers is required');
  if (servers.length === 1 && servers[0] === 'memory') return createMemoryStorage(env);
  const [ca, cert, key] = [config['etcd-cafile'], config['etcd-certfile'], config['etcd-keyfile']];
  return openEtcdStorage({ endpoints: servers, env, ...(await etcdTls({ ca, cert, key })) });
}

async function servingCertificate(
  config: KubeApiserverConfig,
  advertiseAddress: string,
): Promise<{ cert: string; key: string }> {
  const [cert, key] = await Promise.all([
    text(config['tls-cert-file']),
    text(config['tls-private-key-file']),
  ]);
  if (cert && key) return { cert, key };
  if (cert || key)
    throw new FlagError(
      'kube-apiserver: --tls-cert-file and --tls-private-key-file need one another',
    );
  const pki = await ensureClusterPki(config['cert-dir'], {
    serverNames: [advertiseAddress],
    serviceIP: firstServiceIP(config['service-cluster-ip-range']),
  });
  const made = pki.certificates['apiserver']!;
  return { cert: made.certPem, key: made.keyPem };
}

/** The header of --strict-transport-security-directives. Throws FlagError. */
function transportSecurity(directives: readonly string[]): string {
  if (!directives.every((one) => /^(max-age=\d+|includeSubDomains|preload)$/.test(one)))
    throw new FlagError(
      'kube-apiserver: --strict-transport-security-directives invalid, allowed values: max-age=expireTime, includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more information',
    );
  return directives.join('; ');
}

/**
 * Resolves --shutdown-delay-duration after abort. Meanwhile the server answers requests but is not
 * ready.
 */
async function serveUntilAbort(
  server: ApiServer,
  config: KubeApiserverConfig,
  certificates: Certificates,
  env: Env,
  signal: AbortSignal,
): Promise<void> {
  const [cert, key] = [config['tls-cert-file'], config['tls-private-key-file']];
  if (cert && key) {
    const files = { cert, key, clientCa: config['client-ca-file'] };
    const use = (renewed: Certificates) => server.setCertificate(renewed);
    await followCertificates(files, certificates, env, use, signal);
  } else await aborted(signal);
  server.announceStop();
  await sleep(env.clock, config['shutdown-delay-duration']);
}

async function frontProxyOf(config: KubeApiserverConfig): Promise<FrontProxy> {
  const [cert, key, ca] = await Promise.all([
    text(config['proxy-client-cert-file']),
    text(config['proxy-client-key-file']),
    text(config['requestheader-client-ca-file']),
  ]);
  return {
    ...(cert && key && { identity: { cert, key } }),
    ...(ca && { ca, allowedNames: config['requestheader-allowed-names'] }),
  };
}

export async function runKubeApiserver(
  config: KubeApiserverConfig,
  env: Env,
  signal: AbortSignal,
  watchdog?: Watchdog,
): Promise<void> {
  watchdog?.export(env);
  const settings = tlsOf('kube-apiserver', config);
  const mutatingPolicies = servesMutatingPolicies(
    config['feature-gates'],
    config['runtime-config'],
    (line) => void process.stderr.write(line),
  );
  const strictTransport = transportSecurity(config['strict-transport-security-directives']);
  const storage = await openStorage(config, env);
  const advertiseAddress = advertised(
    config['advertise-address'],
    config['bind-address'],
    primaryFamily(config['service-cluster-ip-range']),
  );
  const certificate = await servingCertificate(config, advertiseAddress);
  const clientCa = await text(config['client-ca-file']);
  const [certPem, keyPem, caPem] = await Promise.all([
    text(config['kubelet-client-certificate']),
    text(config['kubelet-client-key']),
    text(config['kubelet-certificate-authority']),
  ]);
  const frontProxy = await frontProxyOf(config);
  const authentication = await openAuthentication(config, env);
  const authorization = await openAuthorization(config, env);
  const addressTypes = config['kubelet-preferred-address-types'];
  const ui = await uiParts(config['ui-dir']);
  const encryptionFile = config['encryption-provider-config'];
  const encryption = encryptionFile
    ? await openEncryption(
        encryptionFile,
        config['encryption-provider-config-automatic-reload'],
        env,
      )
    : undefined;
  const encrypting = new AbortController();
  const audit = await openAudit(config, env);
  // After the start, the server is stopped in order instead.
  const starting = new AbortController();
  const withdraw = onAbort(signal, () => starting.abort(signal.reason));
  try {
    const server = await joinApiServer(
      {
        env,
        storage,
        ...(encryption && { encryption }),
        prefix: config['etcd-prefix'],
        listen: {
          address: config['bind-address'],
          port: config['secure-port'],
          tls: { ...certificate, ...(clientCa && { clientCa }), settings },
          strictTransport,
        },
        ...(config['insecure-port'] && {
          insecure: { address: config['insecure-bind-address'], port: config['insecure-port'] },
        }),
        serviceClusterIPRange: config['service-cluster-ip-range'],
        nodePortRange: config['service-node-port-range'],
        authentication: authentication.config,
        authorizers: authorization.members,
        enableAdmission: config['enable-admission-plugins'],
        disableAdmission: config['disable-admission-plugins'],
        admissionConfig: await readAdmissionConfig(config['admission-control-config-file']),
        kubelet: {
          ...(certPem && { certPem }),
          ...(keyPem && { keyPem }),
          ...(caPem && { caPem }),
          ...(addressTypes.length && { addressTypes }),
        },
        ...(audit && { audit }),
        frontProxy,
        advertiseAddress,
        routeToEndpoints: config['enable-aggregator-routing'],
        requestTimeoutMs: config['request-timeout'],
        minWatchSeconds: config['min-request-timeout'],
        mutatingPolicies,
        fairness: config['enable-priority-and-fairness'],
        maxInFlight: {
          reads: config['max-requests-inflight'],
          writes: config['max-mutating-requests-inflight'],
        },
        eventTtlSeconds: Math.max(1, Math.round(config['event-ttl'] / 1000)),
        ...ui,
      },
      starting.signal,
    );
    withdraw();
    const healthPort = config['health-port'];
    if (healthPort)
      await (watchdog?.listen ?? listenForHealth)(
        { address: config['health-bind-address'], port: healthPort },
        ({ path, query }) => server.health(path, query),
        signal,
      );
    const following = [authentication.follow(signal), authorization.follow(signal)];
    env.log.info('serving', { port: server.port, advertiseAddress });
    void encryption?.run(encrypting.signal);
    const certificates = { ...certificate, ...(clientCa && { ca: clientCa }) };
    await serveUntilAbort(server, config, certificates, env, signal);
    await server.stop();
    await Promise.all(following);
  } finally {
    withdraw();
    encrypting.abort(new Error('the server stopped'));
    authentication.close();
    authorization.close();
    await audit?.stop();
    await storage.close();
  }
}
