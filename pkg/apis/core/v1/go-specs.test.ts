import { equal, match } from 'node:assert/strict';
import { goTypeDiff, podSpecDiff } from './go-specs.js';
import type { Container, PodSpec } from './types.js';

const spec = (fields: Partial<PodSpec> = {}): PodSpec => ({
  containers: [{ name: 'c', image: 'i' } as Container],
  ...fields,
});
/** The changed lines, without indentation. */
const changes = (old: Partial<PodSpec>, next: Partial<PodSpec>): string[] =>
  podSpecDiff(spec(old), spec(next))
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .filter((text) => /^[+-]/.test(text))
    .map((text) => text.replaceAll('\t', '').replace(/ +/g, ' '));

describe('differences of pod specs', () => {
  const cases: [title: string, old: Partial<PodSpec>, next: Partial<PodSpec>, changed: string[]][] =
    [
      [
        'host namespaces',
        {},
        { hostPID: true, securityContext: {} },
        ['- SecurityContext: nil,', '+ SecurityContext: &core.PodSecurityContext{HostPID: true},'],
      ],
      ['numbers', { priority: 1 }, { priority: 2 }, ['- Priority: &1,', '+ Priority: &2,']],
      [
        'quantities',
        { overhead: { cpu: '100m' } },
        { overhead: { cpu: '64Mi' } },
        [
          '- Overhead: core.ResourceList{',
          '- s"cpu": {i: resource.int64Amount{value: 100, scale: -3}, s: "100m", Format: "DecimalSI"},',
          '- },',
          '+ Overhead: core.ResourceList{s"cpu": {i: resource.int64Amount{value: 67108864}, Format: "BinarySI"}},',
        ],
      ],
      [
        'inline members',
        { volumes: [{ name: 'v', configMap: { name: 'a' } }] },
        { volumes: [{ name: 'v', configMap: { name: 'b' } }] },
        [
          '- LocalObjectReference: core.LocalObjectReference{Name: "a"},',
          '+ LocalObjectReference: core.LocalObjectReference{Name: "b"},',
        ],
      ],
      [
        'selectors',
        {},
        {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'z',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { a: 'b' } },
            },
          ],
        },
        [
          '- TopologySpreadConstraints: nil,',
          '+ TopologySpreadConstraints: []core.TopologySpreadConstraint{',
          '+ {',
          '+ MaxSkew: 1,',
          '+ TopologyKey: "z",',
          '+ WhenUnsatisfiable: "DoNotSchedule",',
          '+ LabelSelector: s"&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpress"...,',
          '+ },',
          '+ },',
        ],
      ],
    ];
  for (const [title, old, next, changed] of cases)
    it(`show ${title}`, () => equal(changes(old, next).join('\n'), changed.join('\n')));

  it('count the 34 fields of the spec', () =>
    match(
      podSpecDiff(spec(), spec({ nodeName: 'n' })),
      /\/\/ 9 identical fields[^]*\/\/ 20 identical fields/,
    ));

  it('are empty when nothing changed', () => equal(podSpecDiff(spec(), spec()), ''));
});

describe('differences of claims and volumes', () => {
  it('show what a claim loses', () =>
    match(
      goTypeDiff(
        'PersistentVolumeClaimSpec',
        { accessModes: ['ReadWriteOnce'], volumeName: 'v' },
        {},
      ),
      /AccessModes: +\[\]core\.PersistentVolumeAccessMode\{"ReadWriteOnce"\}[^]*VolumeName: +"v"/,
    ));

  it('show sources that are members of the spec', () =>
    match(
      goTypeDiff('PersistentVolumeSource', { local: { path: '/a' } }, { local: { path: '/b' } }),
      /17 identical fields[^]*Local: &core\.LocalVolumeSource\{[^]*"\/a"[^]*"\/b"/,
    ));
});
