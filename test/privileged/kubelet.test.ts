// A kubelet process with a real containerd and a real API server, driven by kubectl.
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile, access } from 'node:fs/promises';
import path from 'node:path';
import type { PodStatus } from '../../pkg/apis/core/v1/types.js';
import {
  CONFIG_MAPS,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  SECRETS,
  SERVICES,
} from '../../pkg/apis/resource-types.js';
import { tryExec } from '../../pkg/system/exec.js';
import { needContainers, until } from '../support/kubelet-containerd.js';
import {
  FOREVER as forever,
  NODE_NAME,
  startNode,
  testPods,
  type TestNode,
} from './kubelet-node.js';

describe('kubelet with containerd', function () {
  this.timeout(90_000);
  let node: TestNode;

  before(async function () {
    needContainers(this);
    node = await startNode();
    await mkdir(path.join(node.containerd.root, 'manifests'));
    await node.startKubelet();
  });
  after(async () => {
    await node?.stop();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      console.error(
        (await node.kubeletLog())
          .split('\n')
          .filter((l) => !l.includes('"level":30'))
          .slice(-8)
          .join('\n'),
      );
  });

  const { container, events, ended, get, gone, logs, ready, remove, run, status } = testPods(
    () => node,
  );

  it('runs a pod, reports its status, log and events, and deletes it', async () => {
    await run('first', {
      containers: [container(`echo hello; sleep 0.2; echo oops >&2; ${forever}`)],
    });
    const s = await ready('first');
    assert.equal(s.phase, 'Running');
    assert.equal(s.hostIP, node.containerd.nodeIP);
    assert.match(s.podIP ?? '', /^10\.199\.0\./);
    const c = s.containerStatuses![0]!;
    assert.match(c.containerID ?? '', /^containerd:\/\/[0-9a-f]{64}$/);
    assert.equal(c.image, 'docker.io/library/busybox:latest');
    assert.equal(c.restartCount, 0);
    assert.equal(c.started, true);
    await until('its log', async () => (await logs('first')) === 'hello\noops\n');
    assert.match(
      await logs('first', '--timestamps', '--tail=1'),
      /^\d{4}-\d\d-\d\dT[\d:.]+Z oops\n$/,
    );
    await until('its events', async () => {
      const text = await events('first');
      return [
        'Pulled: Container image "busybox" already present on machine',
        'Created: Created container: c',
        'Started: Started container c',
      ].every((e) => text.includes(e));
    });
    await remove('first');
    await until(
      'no trace of it',
      async () => (await node.containerd.podsWithDirectories('first')).length === 0,
    );
  });

  it('sets the environment of containers', async () => {
    await node.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { colour: 'blue', size: 'big' },
    });
    await node.client.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys', namespace: 'default' },
      data: { token: Buffer.from('s3cret').toString('base64') },
    });
    await node.client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'redis-master', namespace: 'default' },
      spec: {
        clusterIP: '10.100.0.77',
        selector: { app: 'redis' },
        ports: [{ name: 'main', port: 6379 }],
      },
    });
    await run('env', {
      restartPolicy: 'Never',
      containers: [
        container('env', {
          args: [],
          env: [
            { name: 'A', value: 'one' },
            { name: 'B', value: '$(A)-two-$$(A)-$(NONE)' },
            { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } },
            { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            {
              name: 'CPU',
              valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } },
            },
          ],
          envFrom: [{ prefix: 'SET_', configMapRef: { name: 'settings' } }],
          resources: { limits: { cpu: '250m', memory: '32Mi' } },
        }),
      ],
    });
    const s = await ended('env');
    assert.equal(s.phase, 'Succeeded', JSON.stringify(s.containerStatuses));
    const text = await logs('env');
    for (const line of [
      'A=one',
      'B=one-two-$(A)-$(NONE)',
      'COLOUR=blue',
      'TOKEN=s3cret',
      'NAME=env',
      `IP=${s.podIP}`,
      'CPU=250',
      'SET_size=big',
      'HOSTNAME=env',
      'REDIS_MASTER_SERVICE_HOST=10.100.0.77',
      'REDIS_MASTER_SERVICE_PORT_MAIN=6379',
      'REDIS_MASTER_PORT=tcp://10.100.0.77:6379',
      'REDIS_MASTER_PORT_6379_TCP_ADDR=10.100.0.77',
    ]) {
      assert.ok(text.split('\n').includes(line), `${line} missing in\n${text}`);
    }
    await remove('env');
  });

  it('mounts volumes and updates a config map volume', async () => {
    await node.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'files', namespace: 'default' },
      data: { 'a.txt': 'one', 'b.txt': 'bee' },
    });
    const host = path.join(node.containerd.root, 'host-path');
    await run(
      'volumes',
      {
        containers: [
          container(
            `ls -l /token/; cat /files/a.txt /sub.txt /down/labels /etc/resolv.conf; echo; cat /etc/hosts; echo kept > /host/kept; touch /memory/x; ${forever}`,
            {
              volumeMounts: [
                { name: 'files', mountPath: '/files' },
                { name: 'files', mountPath: '/sub.txt', subPath: 'b.txt' },
                { name: 'down', mountPath: '/down' },
                { name: 'host', mountPath: '/host' },
                { name: 'memory', mountPath: '/memory' },
                { name: 'token', mountPath: '/token' },
              ],
            },
          ),
        ],
        volumes: [
          { name: 'files', configMap: { name: 'files' } },
          {
            name: 'down',
            downwardAPI: {
              items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }],
            },
          },
          { name: 'host', hostPath: { path: host, type: 'DirectoryOrCreate' } },
          { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
          {
            name: 'token',
            projected: {
              sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 600 } }],
            },
          },
        ],
        hostAliases: [{ ip: '192.0.2.9', hostnames: ['other'] }],
      },
      { labels: { app: 'v' } },
    );
    const s = await ready('volumes');
    const text = await until('output', async () => {
      const out = await logs('volumes');
      return out.includes('192.0.2.9') && out;
    });
    assert.match(text, /onebeeapp="v"/);
    assert.match(text, /nameserver 10\.100\.0\.10/);
    assert.match(text, /search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local/);
    assert.match(text, /options ndots:5/);
    assert.ok(text.includes(`${s.podIP}\tvolumes`));
    assert.equal((await readFile(path.join(host, 'kept'), 'utf8')).trim(), 'kept');
    await node.client.patch(
      CONFIG_MAPS,
      { namespace: 'default', name: 'files' },
      { data: { 'a.txt': 'two' } },
      { type: 'merge' },
    );
    await until(
      'the new text in the container',
      async () =>
        (await node.kubectl(['exec', 'volumes', '--', 'cat', '/files/a.txt'])).stdout === 'two',
    );
    await remove('volumes');
    await access(path.join(host, 'kept'));
  });

  it('waits for missing objects and reports the reason', async () => {
    await run('no-map', {
      containers: [
        container(forever, {
          env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'later', key: 'x' } } }],
        }),
      ],
    });
    await status(
      'no-map',
      'CreateContainerConfigError',
      (s) => s.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    await run('no-volume', {
      containers: [container(forever, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
      volumes: [{ name: 'v', configMap: { name: 'later' } }],
    });
    await until('FailedMount', async () =>
      (await events('no-volume')).includes(
        'FailedMount: MountVolume.SetUp failed for volume "v" : configmap "later" not found',
      ),
    );
    await run('no-image', { containers: [container(forever, { image: 'localhost:1/none:1' })] });
    await status(
      'no-image',
      'an image error',
      (s) =>
        /ErrImagePull|ImagePullBackOff/.test(
          s.containerStatuses?.[0]?.state?.waiting?.reason ?? '',
        ),
      40_000,
    );
    await run('never', {
      containers: [container(forever, { image: 'none:1', imagePullPolicy: 'Never' })],
    });
    await status(
      'never',
      'ErrImageNeverPull',
      (s) => s.containerStatuses?.[0]?.state?.waiting?.reason === 'ErrImageNeverPull',
    );
    await node.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'later', namespace: 'default' },
      data: { x: 'y' },
    });
    await Promise.all([ready('no-map'), ready('no-volume')]);
    await Promise.all(['no-map', 'no-volume', 'no-image', 'never'].map(remove));
  });

  it('restarts crashed containers with back-off and reports the last state', async () => {
    await run('crash', {
      containers: [container('echo run; echo bye > /dev/termination-log; exit 3')],
    });
    const s = await status(
      'crash',
      'CrashLoopBackOff',
      (x) => x.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
    );
    const c = s.containerStatuses![0]!;
    assert.equal(c.restartCount, 1);
    assert.equal(c.lastState?.terminated?.exitCode, 3);
    assert.equal(c.lastState?.terminated?.message?.trim(), 'bye');
    assert.match(await logs('crash', '--previous'), /^run\n/);
    await remove('crash');
    await run('bad-command', { containers: [{ ...container(''), command: ['/no/such'] }] });
    await status('bad-command', 'a start error', (x) =>
      /RunContainerError|CrashLoopBackOff/.test(
        x.containerStatuses?.[0]?.state?.waiting?.reason ?? '',
      ),
    );
    await remove('bad-command');
  });

  it('runs init containers before, and sidecars beside, the main container', async () => {
    await run('order', {
      restartPolicy: 'Never',
      initContainers: [
        { ...container(`echo side; ${forever}`), name: 'side', restartPolicy: 'Always' },
        {
          ...container('echo init > /shared/x'),
          name: 'init',
          volumeMounts: [{ name: 's', mountPath: '/shared' }],
        },
      ],
      containers: [
        container('cat /shared/x', { volumeMounts: [{ name: 's', mountPath: '/shared' }] }),
      ],
      volumes: [{ name: 's', emptyDir: {} }],
    });
    const s = await ended('order');
    assert.equal(s.phase, 'Succeeded');
    assert.equal(await logs('order', '-c', 'c'), 'init\n');
    await remove('order');
  });

  it('runs probes and restarts containers that fail the liveness probe', async () => {
    await run('probed', {
      containers: [
        container(`touch /tmp/live; httpd -p 8080 -h /tmp; ${forever}`, {
          ports: [{ name: 'web', containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/ready', port: 'web' }, periodSeconds: 1 },
          livenessProbe: {
            exec: { command: ['cat', '/tmp/live'] },
            periodSeconds: 1,
            failureThreshold: 2,
          },
        }),
      ],
    });
    await status('probed', 'started', (s) => s.containerStatuses?.[0]?.started);
    assert.equal((await get('probed')).status?.containerStatuses?.[0]?.ready, false);
    await node.kubectl(['exec', 'probed', '--', 'touch', '/tmp/ready']);
    await ready('probed');
    await node.kubectl(['exec', 'probed', '--', 'rm', '/tmp/live', '/tmp/ready']);
    await status('probed', 'restarted', (s) => (s.containerStatuses?.[0]?.restartCount ?? 0) >= 1);
    const text = await events('probed');
    assert.match(text, /Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404/);
    assert.match(text, /Killing: Container c failed liveness probe, will be restarted/);
    await remove('probed');
  });

  it('runs lifecycle hooks', async () => {
    const host = path.join(node.containerd.root, 'hooks');
    await run('hooks', {
      terminationGracePeriodSeconds: 10,
      containers: [
        container(forever, {
          lifecycle: {
            postStart: { exec: { command: ['sh', '-c', 'echo post > /h/post'] } },
            preStop: { exec: { command: ['sh', '-c', 'echo pre > /h/pre'] } },
          },
          volumeMounts: [{ name: 'h', mountPath: '/h' }],
        }),
      ],
      volumes: [{ name: 'h', hostPath: { path: host, type: 'DirectoryOrCreate' } }],
    });
    await ready('hooks');
    assert.equal(await readFile(path.join(host, 'post'), 'utf8'), 'post\n');
    await remove('hooks');
    assert.equal(await readFile(path.join(host, 'pre'), 'utf8'), 'pre\n');
  });

  it('applies security contexts and limits', async () => {
    await run('secure', {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
      containers: [
        container(
          'id; touch /x; cat /sys/fs/cgroup/memory/memory.limit_in_bytes; ls -ld /d; exit 0',
          {
            securityContext: {
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
            },
            resources: { limits: { memory: '32Mi', cpu: '100m' } },
            volumeMounts: [{ name: 'd', mountPath: '/d' }],
          },
        ),
      ],
      volumes: [{ name: 'd', emptyDir: {} }],
    });
    await ended('secure');
    const text = await logs('secure');
    assert.match(text, /uid=1000 gid=3000 groups=2000,3000/);
    assert.match(text, /Read-only file system/);
    assert.match(text, /2000/);
    await remove('secure');
    await run('root', {
      securityContext: { runAsNonRoot: true },
      containers: [container(forever)],
    });
    const s = await status(
      'root',
      'refused',
      (x) => x.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    assert.match(
      s.containerStatuses![0]!.state!.waiting!.message!,
      /runAsNonRoot and image will run as root/,
    );
    await remove('root');
  });

  it('gives pods the bounds of the node: processes, system calls, no router but its own', async () => {
    const ra = '/proc/sys/net/ipv6/conf/eth0/accept_ra';
    await run('bounded', {
      containers: [
        container(`grep Seccomp: /proc/self/status; test ! -e ${ra} || cat ${ra}; ${forever}`),
      ],
    });
    await ready('bounded');
    assert.match(
      await logs('bounded'),
      existsSync(ra.replace('eth0', 'all')) ? /^Seccomp:\t2\n0\n$/ : /^Seccomp:\t2\n$/,
    );
    const { uid } = (await node.client.get(PODS, { namespace: 'default', name: 'bounded' }))
      .metadata;
    const { stdout } = await tryExec(['find', '/sys/fs/cgroup', '-path', `*/pod${uid}/pids.max`]);
    assert.equal(await readFile(stdout.trim().split('\n')[0]!, 'utf8'), '500\n');
    await remove('bounded');
  });

  it('links in a volume lead no container to the host', async () => {
    await run('linked', {
      initContainers: [
        {
          ...container('ln -s /etc /v/etc; ln -s /etc/shadow /v/msg; ln -s /made /v/dangling'),
          name: 'maker',
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        },
      ],
      containers: [
        container('cat /sub/hostname', {
          volumeMounts: [{ name: 'v', mountPath: '/sub', subPath: 'etc' }],
        }),
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    const { containerStatuses } = await status(
      'linked',
      'refused',
      (x) => x.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    assert.equal(
      containerStatuses![0]!.state!.waiting!.message,
      'failed to prepare subPath for volumeMount "v" of container "c"',
    );
    await remove('linked');
  });

  it('streams exec, with input and exit code', async () => {
    await run('exec', { containers: [container(forever)] });
    await ready('exec');
    const result = await node.kubectl(
      ['exec', '-i', 'exec', '--', 'sh', '-c', 'cat; echo err >&2; exit 7'],
      'typed\n',
    );
    assert.deepEqual([result.code, result.stdout], [7, 'typed\n']);
    assert.match(result.stderr, /^err\n/);
    await remove('exec');
  });

  it('supports host ports and the host network', async () => {
    await run('ported', {
      containers: [
        container('echo port > /tmp/x; httpd -f -p 8080 -h /tmp', {
          ports: [{ containerPort: 8080, hostPort: 18099 }],
        }),
      ],
    });
    const s = await ready('ported');
    const fetchText = (url: string) =>
      until(
        url,
        async () =>
          (await tryExec(node.containerd.enter(['curl', '-s', '-m', '2', url]))).stdout.trim() ===
          'port',
      );
    await fetchText(`http://${s.podIP}:8080/x`);
    await fetchText(`http://${node.containerd.nodeIP}:18099/x`);
    await remove('ported');
    await run('hosted', {
      hostNetwork: true,
      containers: [container(`ip addr; cat /etc/hosts; ${forever}`)],
    });
    const hosted = await ready('hosted');
    assert.equal(hosted.podIP, node.containerd.nodeIP);
    await until('the host addresses', async () =>
      (await logs('hosted')).includes(node.containerd.nodeIP),
    );
    assert.match(await logs('hosted'), /host network/);
    await remove('hosted');
  });

  it('mounts persistent volume claims that are bound to local volumes', async () => {
    const folder = path.join(node.containerd.root, 'pv');
    await mkdir(folder);
    await writeFile(path.join(folder, 'x'), 'from the volume\n');
    await node.client.create(PERSISTENT_VOLUMES, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: {
        capacity: { storage: '1Mi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: folder },
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace: 'default',
          name: 'claim',
        },
      },
    });
    await node.client.create(PERSISTENT_VOLUME_CLAIMS, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'claim', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeName: 'pv',
        resources: { requests: { storage: '1Mi' } },
      },
    });
    await run('claims', {
      restartPolicy: 'Never',
      containers: [container('cat /pv/x', { volumeMounts: [{ name: 'v', mountPath: '/pv' }] })],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'claim' } }],
    });
    await until('the wait for the claim', async () =>
      (await events('claims')).includes('PVC default/claim is not bound'),
    );
    await node.client.patch(
      PERSISTENT_VOLUME_CLAIMS,
      { namespace: 'default', name: 'claim' },
      { status: { phase: 'Bound' } },
      { type: 'merge', subresource: 'status' },
    );
    await ended('claims');
    assert.equal(await logs('claims'), 'from the volume\n');
    await remove('claims');
  });

  it('kills a container after its grace period, which a second deletion can shorten', async () => {
    const stubborn = {
      name: 'c',
      image: 'busybox',
      imagePullPolicy: 'IfNotPresent',
      command: ['sleep', '1000'],
    };
    await run('stubborn', { terminationGracePeriodSeconds: 600, containers: [stubborn] });
    await ready('stubborn');
    await node.client.delete(PODS, { namespace: 'default', name: 'stubborn' });
    await until('Killing', async () =>
      (await events('stubborn')).includes('Killing: Stopping container c'),
    );
    assert.ok((await get('stubborn')).metadata.deletionTimestamp);
    await node.client.delete(
      PODS,
      { namespace: 'default', name: 'stubborn' },
      { gracePeriodSeconds: 1 },
    );
    await gone('stubborn');
  });

  it('terminates a pod after its active deadline and a pod that is deleted before it starts', async () => {
    await run('late', { activeDeadlineSeconds: 1, containers: [container(forever)] });
    const s = await ended('late');
    assert.deepEqual([s.phase, s.reason], ['Failed', 'DeadlineExceeded']);
    await remove('late');
    await run('stuck', {
      containers: [container(forever, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
      volumes: [{ name: 'v', secret: { secretName: 'never' } }],
    });
    await until('FailedMount', async () => (await events('stuck')).includes('FailedMount'));
    await remove('stuck');
  });

  it('keeps containers running when it is killed, and handles changes made in the meantime', async () => {
    await Promise.all([
      run('stays', { containers: [container(forever)] }),
      run('dies', { containers: [container(forever)] }),
      run('goes', { containers: [container(forever)] }),
    ]);
    const before = await ready('stays');
    await Promise.all([ready('dies'), ready('goes')]);
    await node.killKubelet();
    await node.client.delete(
      PODS,
      { namespace: 'default', name: 'goes' },
      { gracePeriodSeconds: 0 },
    );
    const victim = (await get('dies')).status!.containerStatuses![0]!.containerID!.replace(
      'containerd://',
      '',
    );
    await node.containerd.ctr(['tasks', 'kill', '-s', 'SIGKILL', victim]);
    await run('new', { containers: [container(forever)] });
    await node.startKubelet();
    await ready('new');
    await status(
      'dies',
      'restarted',
      (s) => s.containerStatuses?.[0]?.restartCount === 1 && s.containerStatuses[0].ready,
    );
    await until(
      'the deleted pod to stop',
      async () => (await node.containerd.podsWithDirectories('goes')).length === 0,
    );
    const after = await ready('stays');
    assert.equal(
      after.containerStatuses![0]!.containerID,
      before.containerStatuses![0]!.containerID,
    );
    assert.equal(after.containerStatuses![0]!.restartCount, 0);
    await Promise.all(['stays', 'dies', 'new'].map(remove));
  });

  it('survives a restart of containerd', async () => {
    await run('over', { containers: [container(forever)] });
    const before = await ready('over');
    await node.containerd.restart();
    await run('afterwards', { containers: [container(forever)] });
    await ready('afterwards');
    const after = await ready('over');
    assert.equal(
      after.containerStatuses![0]!.containerID,
      before.containerStatuses![0]!.containerID,
    );
    await Promise.all(['over', 'afterwards'].map(remove));
  });

  it('runs static pods and creates mirror pods', async () => {
    const file = path.join(node.containerd.root, 'manifests', 'static.yaml');
    await writeFile(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'static' },
        spec: { terminationGracePeriodSeconds: 1, containers: [container(forever)] },
      }),
    );
    const name = `static-${NODE_NAME}`;
    await until('the mirror pod', () => get(name).then(() => true));
    await ready(name);
    const mirror = await get(name);
    assert.ok(mirror.metadata.annotations?.['kubernetes.io/config.mirror']);
    await node.client.delete(PODS, { namespace: 'default', name }, { gracePeriodSeconds: 0 });
    await until(
      'the mirror to come back',
      async () => (await get(name)).metadata.uid !== mirror.metadata.uid,
    );
    const again = await ready(name);
    assert.equal(again.containerStatuses![0]!.restartCount, 0);
    await rm(file);
    await gone(name);
  });

  it('evicts a pod that fills a volume beyond its limit', async () => {
    const volumes = [{ name: 'scratch', emptyDir: { sizeLimit: '1Mi' } }];
    const volumeMounts = [{ name: 'scratch', mountPath: '/scratch' }];
    await run('fills', {
      volumes,
      containers: [
        container(`dd if=/dev/zero of=/scratch/file bs=1M count=3; ${forever}`, { volumeMounts }),
      ],
    });
    const end = await status('fills', 'evicted', (s) => s.phase === 'Failed');
    assert.deepEqual(
      [end.reason, end.message],
      ['Evicted', 'Usage of EmptyDir volume "scratch" exceeds the limit "1Mi". '],
    );
    await remove('fills');
  });

  it('evicts pods above their requests first under memory pressure', async () => {
    const resources = { requests: { memory: '64Mi' } };
    await Promise.all([
      run('modest', { containers: [container(forever, { resources })] }),
      run('eats', { containers: [container(forever)] }),
    ]);
    await Promise.all(['modest', 'eats'].map(ready));
    await node.killKubelet();
    // No machine has that much memory, so that the pressure never ends.
    await node.startKubelet({ 'eviction-hard': 'memory.available<1000Ti' });
    const first = await status('eats', 'evicted', (s) => s.phase === 'Failed');
    assert.equal(first.reason, 'Evicted');
    assert.match(
      first.message ?? '',
      /^The node was low on resource: memory\. Threshold quantity: 1000Ti, available: \d+\w*\. Container c was using \d+\w*, request is 0, has larger consumption of memory\. $/,
    );
    assert.equal(
      first.conditions?.find((c) => c.type === 'DisruptionTarget')?.reason,
      'TerminationByKubelet',
    );
    const second = await status('modest', 'evicted too', (s) => s.phase === 'Failed');
    assert.doesNotMatch(second.message ?? '', /Container/);
    const end = (s: PodStatus) =>
      Date.parse(s.containerStatuses![0]!.state!.terminated!.finishedAt!);
    assert.ok(end(first) <= end(second));
    await run('late', { containers: [container(forever)] });
    const late = await status('late', 'turned away', (s) => s.phase === 'Failed');
    assert.equal(late.message, 'Pod was rejected: The node had condition: [MemoryPressure]. ');
    await Promise.all(['modest', 'eats', 'late'].map(remove));
  });
});
