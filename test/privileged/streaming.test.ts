// kubectl exec, attach, cp, port-forward, logs and proxy with the real API server, kubelet and
// containerd, over WebSocket (kubectl's default) and SPDY/3.1. Needs root.
import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { Exec, KubeConfig, Log, PortForward } from '@kubernetes/client-node';
import { PODS } from '../../pkg/apis/resource-types.js';
import { type ExecResult, tryExec } from '../../pkg/system/exec.js';
import { BUSYBOX_IMAGE, needContainers, until } from '../support/kubelet-containerd.js';
import { NODE_NAME, startNode, type TestNode } from './kubelet-node.js';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'box' },
  spec: {
    nodeName: NODE_NAME,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'main',
        image: BUSYBOX_IMAGE,
        imagePullPolicy: 'Never',
        command: [
          'sh',
          '-c',
          'mkdir -p /tmp/www && echo hello >/tmp/www/index.html && httpd -p 8080 -h /tmp/www; while true; do echo tick; sleep 1; done',
        ],
      },
      {
        name: 'reader',
        image: BUSYBOX_IMAGE,
        imagePullPolicy: 'Never',
        stdin: true,
        command: ['sh', '-c', 'while read line; do echo "got $line"; done; sleep 3600'],
      },
    ],
  },
};

describe('streaming with containerd', function () {
  this.timeout(120_000);
  let node: TestNode;
  let dir: string;

  before(async function () {
    needContainers(this);
    dir = await mkdtemp(join(tmpdir(), 'streaming-'));
    node = await startNode();
    await node.startKubelet();
    const created = await node.kubectl(['create', '-f', '-'], JSON.stringify(POD));
    assert.equal(created.code, 0, created.stderr);
    await until('the pod to run', async () =>
      (
        await node.client.get(PODS, { namespace: 'default', name: 'box' })
      ).status?.containerStatuses?.every((c) => c.ready),
    );
  });

  after(async () => {
    await node?.stop();
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  for (const [transport, env] of [
    ['WebSocket', {}],
    [
      'SPDY',
      { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' },
    ],
  ] as [string, Record<string, string>][]) {
    describe(`over ${transport}`, () => {
      const kubectl = (args: readonly string[], input?: string): Promise<ExecResult> =>
        tryExec(['kubectl', `--kubeconfig=${node.server.kubeconfig}`, ...args], {
          timeoutMs: 30_000,
          env,
          ...(input === undefined ? {} : { input }),
        });

      it('runs a command and returns its output and exit code', async () => {
        const result = await kubectl([
          'exec',
          'box',
          '-c',
          'main',
          '--',
          'sh',
          '-c',
          'echo out; echo err >&2; exit 42',
        ]);
        assert.deepEqual([result.code, result.stdout], [42, 'out\n']);
        assert.match(result.stderr, /^err\ncommand terminated with exit code 42/);
      });

      it('closes stdin without closing the other streams', async () => {
        const input = 'x'.repeat(300_000);
        const result = await kubectl(
          ['exec', '-i', 'box', '-c', 'main', '--', 'sh', '-c', 'cat; echo end'],
          input,
        );
        assert.deepEqual(
          [result.code, result.stdout.length, result.stdout.endsWith('xend\n')],
          [0, 300_004, true],
          result.stderr,
        );
      });

      it('copies files in both directions', async () => {
        const [source, back] = [join(dir, `${transport}.in`), join(dir, `${transport}.out`)];
        await writeFile(source, Buffer.alloc(2_000_000, 'payload '));
        for (const [from, to] of [
          [source, 'default/box:/tmp/copy'],
          ['default/box:/tmp/copy', back],
        ] as const) {
          const copied = await kubectl(['cp', '-c', 'main', from, to]);
          assert.equal(copied.code, 0, copied.stderr);
        }
        assert.ok((await readFile(back)).equals(await readFile(source)));
      });

      it('attaches to a running container', async () => {
        const child = spawn(
          'kubectl',
          [`--kubeconfig=${node.server.kubeconfig}`, 'attach', '-i', 'box', '-c', 'reader'],
          { env: { ...process.env, ...env } },
        );
        let out = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
        const word = `hello-${transport}`;
        try {
          await until('the answer', () => {
            child.stdin.write(`${word}\n`);
            return Promise.resolve(out.includes(`got ${word}`) || undefined);
          });
        } finally {
          await kill(child);
        }
      });

      it('passes the size of the terminal', async () => {
        // script(1) provides the terminal; kubectl sends its size before the command reads the
        // size.
        const look = `kubectl --kubeconfig=${node.server.kubeconfig} exec -it box -c main -- sh -c 'sleep 0.3; stty size'`;
        const result = await tryExec(
          ['script', '-qec', `stty rows 33 cols 77; ${look}`, '/dev/null'],
          { env, timeoutMs: 20_000 },
        );
        assert.match(result.stdout, /33 77/);
      });

      it('forwards ports', async () => {
        const child = spawn(
          'kubectl',
          [`--kubeconfig=${node.server.kubeconfig}`, 'port-forward', 'pod/box', ':8080'],
          { env: { ...process.env, ...env } },
        );
        let out = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
        try {
          const port = await until('the port', () =>
            Promise.resolve(/127\.0\.0\.1:(\d+) ->/.exec(out)?.[1]),
          );
          for (let round = 0; round < 3; round++) {
            const answers = await Promise.all(
              Array.from({ length: 5 }, async () =>
                (await fetch(`http://127.0.0.1:${port}/index.html`)).text(),
              ),
            );
            assert.deepEqual(answers, Array<string>(5).fill('hello\n'), out);
          }
        } finally {
          await kill(child);
        }
      });

      it('reports errors', async () => {
        const missing = await kubectl(['exec', 'nobody', '--', 'true']);
        assert.deepEqual(
          [missing.code, missing.stderr],
          [1, 'Error from server (NotFound): pods "nobody" not found\n'],
        );
        const unknown = await kubectl(['exec', 'box', '-c', 'main', '--', '/no/such/file']);
        assert.notEqual(unknown.code, 0);
        assert.match(unknown.stderr, /no such file or directory/);
      });
    });
  }

  it('serves logs, complete and followed', async () => {
    const kubectl = (args: readonly string[]) => node.kubectl(args);
    const tail = await kubectl(['logs', 'box', '-c', 'main', '--tail=1']);
    assert.deepEqual([tail.code, tail.stdout], [0, 'tick\n'], tail.stderr);
    const which = await kubectl(['logs', 'box', '-c', 'nope']);
    assert.match(which.stderr, /container nope is not valid for pod box/);
    const child = spawn('kubectl', [
      `--kubeconfig=${node.server.kubeconfig}`,
      'logs',
      '-f',
      'box',
      '-c',
      'main',
      '--tail=0',
    ]);
    try {
      const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
      assert.match(chunk.toString(), /^tick/);
    } finally {
      await kill(child);
    }
  });

  it('serves the official JavaScript client: exec, log, port-forward', async () => {
    const config = new KubeConfig();
    config.loadFromFile(node.server.kubeconfig);
    const text = (sink: PassThrough): { now: () => string } => {
      let all = '';
      sink.on('data', (chunk: Buffer) => (all += chunk.toString()));
      return { now: () => all };
    };
    const [out, err] = [new PassThrough(), new PassThrough()];
    const [stdout, stderr] = [text(out), text(err)];
    const status = await new Promise<{
      status?: string;
      details?: { causes?: { message?: string }[] };
    }>((resolve, reject) => {
      new Exec(config)
        .exec(
          'default',
          'box',
          'main',
          ['sh', '-c', 'cat; echo err >&2; exit 3'],
          out,
          err,
          Readable.from(['from stdin']),
          false,
          resolve,
        )
        .catch(reject);
    });
    assert.deepEqual(
      [status.status, status.details?.causes?.[0]?.message, stdout.now(), stderr.now()],
      ['Failure', '3', 'from stdin', 'err\n'],
    );
    const lines = new PassThrough();
    const log = text(lines);
    const following = await new Log(config).log('default', 'box', 'main', lines, {
      follow: true,
      tailLines: 1,
    });
    await until('a line', () => Promise.resolve(log.now().includes('tick')));
    following.abort();
    const [request, response] = [new PassThrough(), new PassThrough()];
    const answer = text(response);
    await new PortForward(config).portForward('default', 'box', [8080], response, null, request);
    request.write('GET /index.html HTTP/1.0\r\n\r\n');
    await until('the page', () => Promise.resolve(answer.now().endsWith('hello\n')));
  });

  it('reaches the kubelet through nodes/proxy', async () => {
    const health = await node.kubectl(['get', '--raw', `/api/v1/nodes/${NODE_NAME}/proxy/healthz`]);
    assert.equal(health.stdout.trim(), 'ok', health.stderr);
    const legacy = await node.kubectl(['get', '--raw', `/api/v1/proxy/nodes/${NODE_NAME}/healthz`]);
    assert.equal(legacy.stdout.trim(), 'ok', legacy.stderr);
  });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
