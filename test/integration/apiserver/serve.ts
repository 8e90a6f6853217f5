// A real server for a suite. `serve` registers the mocha hooks that start and stop the server.
import {
  startApiServer,
  type RunningApiServer,
  type StartOptions,
} from '../../../cmd/kube-apiserver/start.js';
import { startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { Api } from './harness.js';

export type StorageName = 'memory' | 'etcd';

/** Starts a server before the tests of the suite around the call and stops it after them. */
export function serve(
  take: (server: RunningApiServer, api: Api) => void,
  storage: StorageName = 'memory',
  options: StartOptions = {},
): void {
  let etcd: EtcdProcess | undefined;
  let server: RunningApiServer | undefined;
  let api: Api | undefined;
  before(async () => {
    if (storage === 'etcd') etcd = await startEtcd();
    server = await startApiServer({
      ...options,
      ...(etcd ? { storage: { etcd: [etcd.endpoint] } } : {}),
    });
    await server.ready();
    api = new Api(server);
    take(server, api);
  });
  after(async () => {
    api?.close();
    await server?.stop();
    await etcd?.stop();
  });
}
