import { deepEqual, equal } from 'node:assert/strict';
import type { Container, Pod, PodSpec } from '../../apis/core/v1/types.js';
import { podWarnings } from '../../apis/core/v1/pod-warnings.js';
import { dropGatedFields } from '../pod-gates.js';
import { mergeLabelKeys, syncAppArmor } from './pod-creation.js';

const KEY = 'container.apparmor.security.beta.kubernetes.io/c';

function podWith(spec: Partial<PodSpec>, metadata: object = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' } as Container], ...spec },
  } as Pod;
}

function gated(): PodSpec {
  return podWith({
    hostUsers: false,
    securityContext: { supplementalGroupsPolicy: 'Strict', seLinuxChangePolicy: 'Recursive' },
    resources: { limits: { cpu: '1' } },
    resourceClaims: [{ name: 'gpu' }],
    containers: [
      {
        name: 'c',
        resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
        resources: { claims: [{ name: 'gpu' }], limits: { cpu: '1' } },
        securityContext: { procMount: 'Unmasked' },
      } as Container,
    ],
    volumes: [
      {
        name: 'bundle',
        projected: { sources: [{ clusterTrustBundle: { path: 'p', name: 'b' } }] },
      },
      { name: 'image', image: { reference: 'busybox' } },
    ],
  }).spec;
}

describe('fields of disabled feature gates', () => {
  it('are dropped from new objects', () => {
    const spec = gated();
    dropGatedFields(spec, undefined);
    deepEqual(spec, {
      securityContext: {},
      containers: [
        {
          name: 'c',
          resources: { limits: { cpu: '1' } },
          securityContext: { procMount: 'Default' },
        },
      ],
      volumes: [{ name: 'bundle', projected: { sources: [{}] } }, { name: 'image' }],
    });
  });

  it('stay in objects that use them already', () => {
    const spec = gated();
    dropGatedFields(spec, gated());
    deepEqual(spec, gated());
  });

  it('stay gate by gate', () => {
    const spec = gated();
    dropGatedFields(spec, podWith({ hostUsers: true }).spec);
    equal(spec.hostUsers, false);
    equal(spec.resources, undefined);
  });
});

describe('AppArmor profiles of new pods', () => {
  const sync = (pod: Pod): string[] => {
    const warnings: string[] = [];
    syncAppArmor(pod, (text) => warnings.push(text));
    return warnings;
  };

  it('are annotations for old kubelets, with the pod profile as default', () => {
    const pod = podWith({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } });
    deepEqual(sync(pod), []);
    deepEqual(pod.metadata.annotations, { [KEY]: 'runtime/default' });
  });

  it('come from annotations, with a warning', () => {
    const pod = podWith({}, { annotations: { [KEY]: 'localhost/mine' } });
    equal(sync(pod).length, 1);
    deepEqual(pod.spec.containers[0]?.securityContext, {
      appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' },
    });
  });

  it('are not invented from bad annotations', () => {
    const pod = podWith({}, { annotations: { [KEY]: 'localhost/' } });
    equal(sync(pod).length, 1);
    equal(pod.spec.containers[0]?.securityContext, undefined);
  });

  it('leave windows pods alone', () => {
    const pod = podWith({ os: { name: 'windows' } }, { annotations: { [KEY]: 'unconfined' } });
    deepEqual(sync(pod), []);
  });
});

describe('label keys of pod affinity', () => {
  it('become requirements with the values of the pod', () => {
    const term = { topologyKey: 'zone', labelSelector: {}, matchLabelKeys: ['a', 'no'] };
    const pod = podWith(
      {
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                podAffinityTerm: {
                  ...term,
                  matchLabelKeys: [],
                  mismatchLabelKeys: ['a'],
                  labelSelector: {},
                },
              },
            ],
          },
        },
      },
      { labels: { a: '1' } },
    );
    mergeLabelKeys(pod);
    const { podAffinity, podAntiAffinity } = pod.spec.affinity!;
    deepEqual(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.[0]?.labelSelector, {
      matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }],
    });
    deepEqual(
      podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.[0]?.podAffinityTerm
        ?.labelSelector,
      { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] },
    );
  });
});

describe('warnings about pods', () => {
  const cases: [title: string, spec: Partial<PodSpec>, warnings: string[]][] = [
    [
      'ports',
      {
        containers: [
          {
            name: 'c',
            ports: [
              { containerPort: 80, protocol: 'TCP', hostIP: '10.0.0.1' },
              { containerPort: 80, protocol: 'TCP' },
              { containerPort: 53, protocol: 'UDP', hostPort: 53 },
              { containerPort: 53, protocol: 'UDP', hostPort: 53, hostIP: '10.0.0.1' },
            ],
          } as Container,
        ],
      },
      [
        'spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:10.0.0.1}',
        'spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]',
        'spec.containers[0].ports[3]: dangerously ambiguous port definition with spec.containers[0].ports[2]',
      ],
    ],
    [
      'paths',
      {
        volumes: [
          {
            name: 'a',
            secret: {
              secretName: 's',
              items: [
                { key: 'x', path: 'd/' },
                { key: 'y', path: 'd/e' },
              ],
            },
          },
          {
            name: 'b',
            projected: {
              sources: [
                { secret: { name: 's', items: [{ key: 'x', path: 'p' }] } },
                { serviceAccountToken: { path: 'p' } },
                {},
              ],
            },
          },
        ],
      },
      [
        'volume "a" (Secret "s"): overlapping paths: "d/e" with "d"',
        'volume "b" (Projected): overlapping paths: "p" (ServiceAccountToken) with "p" (Secret "s")',
        'volume "b" (Projected) has no sources provided',
      ],
    ],
    [
      'fractions and lists',
      {
        overhead: { memory: '1500m' },
        hostAliases: [{ ip: '1.2.3.4' }, { ip: '1.2.3.4' }],
        imagePullSecrets: [{ name: 'r' }, {}, { name: 'r' }],
        terminationGracePeriodSeconds: -1,
        volumes: [{ name: 'g', gitRepo: { repository: 'r' } }],
      },
      [
        'spec.volumes[0].gitRepo: deprecated in v1.11',
        'spec.hostAliases[1].ip: duplicate ip "1.2.3.4"',
        'spec.imagePullSecrets[2].name: duplicate name "r"',
        'spec.imagePullSecrets[1].name: invalid empty name ""',
        'spec.overhead[memory]: fractional byte value "1500m" is invalid, must be an integer',
        'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
      ],
    ],
    [
      'selectors',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'beta.kubernetes.io/os', whenUnsatisfiable: 'DoNotSchedule' },
        ],
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'z' }] },
        },
      },
      [
        'spec.topologySpreadConstraints[0].topologyKey: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
        'spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod',
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod',
      ],
    ],
  ];
  for (const [title, spec, warnings] of cases)
    it(`cover ${title}`, () => deepEqual(podWarnings(podWith(spec)), warnings));

  it('are silent on updates', () => {
    const pod = podWith({ terminationGracePeriodSeconds: -1 });
    deepEqual(podWarnings(pod, pod), []);
  });
});
