import assert from 'node:assert/strict';
import type { Node } from '../../apis/core/v1/types.js';
import type { ApiObject, WatchEvent } from '../../apimachinery/meta/object.js';
import type { Client } from '../../client/client.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { Runtime } from '../runtime/runtime.js';
import { NodeAgent } from './node-agent.js';
import type { MachineInfo } from './node-status.js';

/** An API with one node; `overwrite` is what the node lifecycle controller does. */
function api() {
  let revision = 1;
  let node: Node | undefined;
  let tell: (() => void) | undefined;
  const events: WatchEvent<Node>[] = [];
  const patches: Node['status'][] = [];
  const put = (changed: Node): Node => {
    node = {
      ...changed,
      metadata: { ...changed.metadata, uid: 'u', resourceVersion: String(++revision) },
    };
    events.push({ type: 'MODIFIED', object: node });
    tell?.();
    return node;
  };
  const client = {
    create: (_type: unknown, object: ApiObject) =>
      Promise.resolve(object.kind === 'Node' ? put(object as Node) : object),
    update: (_type: unknown, object: ApiObject) => Promise.resolve(object),
    patch: (_type: unknown, _key: unknown, body: { status: NonNullable<Node['status']> }) => {
      patches.push(body.status);
      return Promise.resolve(put({ ...node!, status: body.status }));
    },
    list: () =>
      Promise.resolve({ metadata: { resourceVersion: String(revision) }, items: [node!] }),
    async *watch(_type: unknown, { signal }: { signal: AbortSignal }) {
      while (!signal.aborted) {
        for (let event = events.shift(); event; event = events.shift()) yield event;
        await new Promise<void>((resolve) => {
          tell = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
  const overwrite = (status: string) =>
    put({
      ...node!,
      status: {
        ...node!.status,
        conditions: node!.status!.conditions!.map((one) => ({ ...one, status })),
      },
    });
  const ready = () => node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return { client: client as unknown as Client, patches, overwrite, ready };
}

describe('node agent', () => {
  it('restores the Ready condition that another writer changed, and writes nothing otherwise', async () => {
    const env = virtualEnv();
    const { client, overwrite, patches, ready } = api();
    const stop = new AbortController();
    const runtime = {
      conditions: () =>
        Promise.resolve(
          ['RuntimeReady', 'NetworkReady'].map((type) => ({
            type,
            status: true,
            reason: '',
            message: '',
          })),
        ),
    };
    const agent = new NodeAgent(
      {
        env,
        client,
        runtime: runtime as unknown as Runtime,
        recorder: { event: () => {} } as never,
        name: 'n',
        hostname: 'n',
        addresses: [],
        labels: {},
        taints: [],
        register: true,
        port: 10250,
        maxPods: 110,
        statusFrequency: 10_000,
        machine: () =>
          Promise.resolve({
            cpus: 1,
            memoryBytes: 1,
            memoryAvailableBytes: 1,
            diskBytes: 1,
            diskFreeFraction: 1,
            info: {},
            images: [],
          } as unknown as MachineInfo),
        pressure: () => ({ memory: false, disk: false, pid: false }) as never,
        registered: () => {},
      },
      stop.signal,
    );
    const running = agent.run();
    await env.clock.advance(60_000);
    assert.equal(ready(), 'True');
    const before = patches.length;
    overwrite('Unknown');
    assert.equal(ready(), 'Unknown');
    await env.clock.advance(1);
    assert.equal(ready(), 'True');
    await env.clock.advance(60_000);
    assert.equal(patches.length, before + 1);
    stop.abort(new Error('over'));
    await running;
  });
});
