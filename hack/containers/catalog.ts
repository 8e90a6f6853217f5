// The images of the add-ons and demos, from Debian packages, our bundles, and small files beside
// this one. All images but pause share one base layer, and the JavaScript images a Node layer, so
// that each node stores these layers once.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { ROOT } from '../cluster/layout.js';
import { PAUSE_IMAGE } from '../cluster/containerd.js';
import type { Image } from './archive.js';
import { baseEntries, program } from './host-files.js';
import type { Entry } from './layer.js';

/**
 * Without a password, redis accepts remote clients only when protected mode is off. The master need
 * not wait for further replicas before a sync.
 */
const REDIS_ENTRYPOINT = `#!/bin/sh
case "\${1:-}" in redis-server | -*) ;; *) exec "$@" ;; esac
[ "$1" = redis-server ] && shift
exec redis-server "$@" --protected-mode no --repl-diskless-sync-delay 0
`;

/** Finds its master by DNS, or with GET_HOSTS_FROM=env by the service's environment variables. */
const REDIS_SLAVE_ENTRYPOINT = `#!/bin/sh
master=redis-master
[ "\${GET_HOSTS_FROM:-dns}" = env ] && master=$REDIS_MASTER_SERVICE_HOST
exec entrypoint redis-server --replicaof "$master" 6379
`;

/** The programs whose images hold their main.js alone. */
export const ADDONS = ['skydns', 'kube-ui', 'metrics-server', 'ingress-controller'] as const;

/** Of a package that only hack/up --ingress needs. */
const HAPROXY = '/usr/sbin/haproxy';

/** Compiles pause when its source is newer. */
async function buildPause(cache: string): Promise<string> {
  const source = join(ROOT, 'hack/containers/pause.c');
  const output = join(cache, 'pause');
  mkdirSync(cache, { recursive: true });
  if (!existsSync(output) || statSync(output).mtimeMs < statSync(source).mtimeMs) {
    await exec(['gcc', '-Os', '-static', '-Wall', '-Werror', '-s', '-o', output, source]);
  }
  return output;
}

/** An image of a bundle: `node /app/main.js ARGS`. */
function bundleImage(
  names: string[],
  base: Entry[][],
  bundle: string,
  more: Partial<Image> & { files?: Entry[] } = {},
): Image {
  const { files = [], ...rest } = more;
  const layers = [...base, [{ path: 'app/main.js', source: bundle, mode: 0o644 }, ...files]];
  return { names, layers, entrypoint: ['node', '/app/main.js'], ...rest };
}

/** An image of a program from outside of this project; `text` is its bundle, a module. */
export async function programImage(name: string, text: string): Promise<Image> {
  const node = await program('usr/local/bin/node', process.execPath);
  return {
    names: [name],
    layers: [await baseEntries(), node, [{ path: 'app/main.mjs', text, mode: 0o644 }]],
    entrypoint: ['node', '/app/main.mjs'],
  };
}

/** The files of a folder, which may be missing, below `at` in the image. */
function filesOf(folder: string, at: string): Entry[] {
  return existsSync(folder)
    ? readdirSync(folder).map((name) => ({
        path: `${at}/${name}`,
        source: join(folder, name),
        mode: 0o644,
      }))
    : [];
}

/** A picture that its pods serve. */
const demoImage = (base: Entry[], name: string): Image => ({
  names: [
    `docker.io/wheelhouse/update-demo:${name}`,
    `gcr.io/google_containers/update-demo:${name}`,
  ],
  layers: [base, filesOf(join(ROOT, 'manifests/update-demo/images', name), 'www')],
  ports: [80],
  entrypoint: ['httpd', '-f', '-h', '/www'],
});

/** Every image whose parts exist; the image of an add-on needs the add-on's bundle. */
export async function catalog(cache: string): Promise<Image[]> {
  const base = await baseEntries();
  const node = await program('usr/local/bin/node', process.execPath);
  const withNode = [base, node];
  const redis: Entry[] = [
    ...(await program('usr/local/bin/redis-server', '/usr/bin/redis-server')),
    ...(await program('usr/local/bin/redis-cli', '/usr/bin/redis-cli')),
    { path: 'usr/local/bin/entrypoint', text: REDIS_ENTRYPOINT, mode: 0o755 },
    { path: 'data', folder: true },
  ];
  const redisImage = {
    workingDir: '/data',
    ports: [6379],
    entrypoint: ['entrypoint'],
    command: ['redis-server'],
  };
  const slave: Entry[] = [
    { path: 'usr/local/bin/slave', text: REDIS_SLAVE_ENTRYPOINT, mode: 0o755 },
  ];
  const images: Image[] = [
    {
      names: [PAUSE_IMAGE],
      layers: [[{ path: 'pause', source: await buildPause(cache), mode: 0o755 }]],
      entrypoint: ['/pause'],
    },
    {
      names: ['docker.io/library/busybox:1', 'docker.io/library/busybox:latest'],
      layers: [base],
      command: ['sh'],
    },
    {
      names: ['docker.io/library/redis:7', 'docker.io/library/redis:latest'],
      layers: [base, redis],
      ...redisImage,
    },
    {
      names: ['docker.io/wheelhouse/redis-slave:v2', 'docker.io/kubernetes/redis-slave:v2'],
      layers: [base, redis, slave],
      ...redisImage,
      entrypoint: ['slave'],
      command: [],
    },
    bundleImage(
      [
        'docker.io/wheelhouse/guestbook-frontend:v2',
        'docker.io/kubernetes/example-guestbook-php-redis:v2',
      ],
      withNode,
      join(ROOT, 'dist/images/frontend/main.js'),
      { ports: [80] },
    ),
    demoImage(base, 'nautilus'),
    demoImage(base, 'kitten'),
  ];
  for (const name of ADDONS) {
    const bundle = join(ROOT, 'dist/cmd', name, 'main.js');
    if (!existsSync(bundle)) continue;
    const isProxy = name === 'ingress-controller';
    if (isProxy && !existsSync(HAPROXY)) continue;
    images.push(
      bundleImage(
        [`docker.io/wheelhouse/${name}:v1`],
        isProxy ? [...withNode, await program('usr/local/bin/haproxy', HAPROXY)] : withNode,
        bundle,
        // At the path where the bundle looks for them.
        name === 'kube-ui' ? { files: filesOf(join(ROOT, 'dist/ui'), 'ui') } : {},
      ),
    );
  }
  return images;
}
