// Cases of upstream's pkg/api/v1/pod/util_test.go and pkg/controller/controller_utils_test.go, and
// our own.
import assert from 'node:assert/strict';
import type { Container, Pod, PodSpec } from '../apis/core/v1/types.js';
import {
  allContainers,
  availableInMs,
  containerPortOf,
  deletionGracePeriod,
  isPodActive,
  isPodReady,
  isPodTerminal,
  restartPolicy,
  servingContainers,
  sidecars,
  targetPortOn,
  templateContainers,
  terminalPhase,
  terminationGracePeriod,
} from './pods.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

const pod = (spec: Partial<PodSpec>, rest: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [], ...spec },
  ...rest,
});

const withPhase = (phase: string | undefined, deleted = false): Pod =>
  pod(
    {},
    {
      metadata: { name: 'p', ...(deleted ? { deletionTimestamp: ago(1) } : {}) },
      status: phase === undefined ? {} : { phase },
    },
  );

const names = (containers: readonly Container[]): string =>
  containers.map(({ name }) => name).join(' ');

describe('pods', () => {
  for (const [phase, deleted, terminal, active] of [
    ['Pending', false, undefined, true],
    ['Running', false, undefined, true],
    ['Running', true, undefined, false],
    ['Succeeded', false, 'Succeeded', false],
    ['Failed', false, 'Failed', false],
    ['Failed', true, 'Failed', false],
    ['Unknown', false, undefined, true],
    [undefined, false, undefined, true],
  ] as const) {
    it(`of phase ${phase}${deleted ? ', being deleted,' : ''} end as ${terminal} and are ${active ? '' : 'not '}active`, () => {
      const given = withPhase(phase, deleted);
      assert.equal(terminalPhase(given), terminal);
      assert.equal(isPodTerminal(given), terminal !== undefined);
      assert.equal(isPodActive(given), active);
    });
  }

  it('without a status are neither terminal nor ready', () => {
    assert.deepEqual([isPodTerminal(pod({})), isPodReady(pod({}))], [false, false]);
  });

  // TestIsPodAvailable: ready?, seconds since the transition, minReadySeconds, seconds left.
  for (const [status, since, minReady, left] of [
    ['False', 0, 0, Infinity],
    ['True', 0, 0, 0],
    ['True', undefined, 1, Infinity],
    ['True', 0, 1, 1],
    ['True', 51, 50, 0],
    ['True', 10, 50, 40],
    ['Unknown', 51, 50, Infinity],
  ] as const) {
    it(`with Ready ${status} since ${since} s are available in ${left} s when ${minReady} s are asked`, () => {
      const lastTransitionTime = since === undefined ? {} : { lastTransitionTime: ago(since) };
      const conditions = [{ type: 'Ready', status, ...lastTransitionTime }];
      const given = pod({}, { status: { conditions } });
      assert.equal(availableInMs(given, minReady, NOW), left * 1000);
    });
  }

  it('list their containers by kind', () => {
    const spec: PodSpec = {
      initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }],
      containers: [{ name: 'a' }, { name: 'b' }],
      ephemeralContainers: [{ name: 'e' }],
    };
    assert.equal(names(allContainers(spec)), 'i s a b e');
    assert.equal(names(templateContainers(spec)), 'i s a b');
    assert.equal(names(servingContainers(spec)), 'a b s');
    assert.equal(names(sidecars(spec)), 's');
    assert.equal(names(allContainers({ containers: [] })), '');
  });

  it('restart always unless they say otherwise', () => {
    const of = (policy?: string) => restartPolicy(policy ? { restartPolicy: policy } : {});
    assert.deepEqual([of(), of('Never'), of('OnFailure')], ['Always', 'Never', 'OnFailure']);
  });

  for (const [own, granted, seconds] of [
    [undefined, undefined, 30],
    [0, undefined, 0],
    [60, undefined, 60],
    [60, 5, 5],
    [60, 0, 0],
    [undefined, 5, 5],
  ] as const) {
    it(`with a grace of ${own}, deleted with ${granted}, get ${seconds} s`, () => {
      const given = pod(own === undefined ? {} : { terminationGracePeriodSeconds: own });
      if (granted !== undefined) given.metadata.deletionGracePeriodSeconds = granted;
      assert.equal(deletionGracePeriod(given), seconds);
      assert.equal(terminationGracePeriod(given.spec), own ?? 30);
    });
  }

  // TestFindPort: ports of containers as 'name:number/protocol', the target port, the result.
  const ports = (text: string): NonNullable<Container['ports']> =>
    text.split(' ').map((entry) => {
      const [, name, number, protocol] = /^(\w*):(-?\d+)\/(\w+)$/.exec(entry)!;
      return { ...(name ? { name } : {}), containerPort: Number(number), protocol: protocol! };
    });
  for (const [containers, target, number] of [
    [[''], 93, 93],
    [[':11/TCP p:22/TCP'], 93, 93],
    [[''], 'p', undefined],
    [[':11/UDP p:22/TCP q:33/TCP'], 'q', 33],
    [['', ':11/UDP p:22/TCP q:33/TCP'], 'q', 33],
    [['', ':11/UDP p:22/TCP q:22/TCP'], 'q', 22],
    [['', 'a:11/snmp'], 'a', undefined],
    [['', 'a:11/TCP'], 'a', 11],
    [['', 'a:-1/TCP'], 'a', -1],
    [['a:53/UDP', 'a:54/TCP'], 'a', 54],
  ] as const) {
    it(`with ports ${JSON.stringify(containers)} have ${number} for target port ${target}`, () => {
      const list = containers.map((text, i): Container => ({
        name: `c${i}`,
        ...(text ? { ports: ports(text) } : {}),
      }));
      const port = { port: 80, protocol: 'TCP', targetPort: target };
      assert.equal(targetPortOn(pod({ containers: list }), port), number);
    });
  }

  it('have the ports of their sidecars, and of no other init container', () => {
    const withPort = (name: string, containerPort: number, more: Partial<Container> = {}) => ({
      name,
      ports: [{ name: 'web', containerPort }],
      ...more,
    });
    const given = pod({
      initContainers: [withPort('i', 1), withPort('s', 2, { restartPolicy: 'Always' })],
      containers: [{ name: 'c' }],
    });
    assert.equal(targetPortOn(given, { port: 80, targetPort: 'web' }), 2);
    given.spec.containers.push(withPort('d', 3));
    assert.equal(targetPortOn(given, { port: 80, targetPort: 'web' }), 3);
    assert.equal(targetPortOn(given, { port: 80, protocol: 'UDP', targetPort: 'web' }), undefined);
    assert.equal(targetPortOn(given, { port: 80 }), 80);
  });

  for (const [port, number] of [
    [8080, 8080],
    ['web', 81],
    ['8080', 8080],
    ['dns', undefined],
    [0, undefined],
    ['0', undefined],
    [65_535, 65_535],
    [65_536, undefined],
    ['0x50', undefined],
    ['8e1', undefined],
    ['', undefined],
  ] as const) {
    it(`give a probe ${number} for port ${JSON.stringify(port)}`, () => {
      const container: Container = {
        name: 'c',
        ports: [{ containerPort: 9 }, { name: 'web', containerPort: 81 }],
      };
      assert.equal(containerPortOf(container, port), number);
    });
  }
});
