// The type checker writes the status of policies, for built-in kinds and for custom resources.
import assert from 'node:assert/strict';
import type { ValidatingAdmissionPolicySpec } from '../../../pkg/apis/admissionregistration/v1/types.js';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  VALIDATING_ADMISSION_POLICIES,
} from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';
import { widgets } from './crds.js';

const GROUP = 'checked.example.com';

describe('the status of validating admission policies', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  controlPlane((made) => (plane = made));

  const specOf = (
    group: string,
    resource: string,
    expressions: string[],
  ): ValidatingAdmissionPolicySpec => ({
    matchConstraints: {
      resourceRules: [
        { apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] },
      ],
    },
    validations: expressions.map((expression) => ({ expression })),
  });
  const checked = (name: string, generation: number) =>
    eventually(`the status of ${name}`, async () => {
      const { status } = await plane.client.get(VALIDATING_ADMISSION_POLICIES, { name });
      return status?.observedGeneration === generation && status;
    });
  const create = (name: string, spec: ValidatingAdmissionPolicySpec) =>
    plane.client.create(VALIDATING_ADMISSION_POLICIES, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec,
    });

  it('has the warnings of each generation', async () => {
    const bad = [
      'object.spec.replicas > "1"',
      'object.spec.maxReplicas < 5',
      'object.spec.paused == true',
    ];
    const policy = await create('built-in', specOf('apps', 'deployments', bad));
    const { typeChecking } = await checked('built-in', 1);
    const found = typeChecking!.expressionWarnings ?? [];
    assert.deepEqual(
      found.map(({ fieldRef }) => fieldRef),
      ['spec.validations[0].expression', 'spec.validations[1].expression'],
    );
    assert.match(
      found[0]!.warning,
      /^apps\/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '\(int, string\)'\n/,
    );
    assert.match(found[1]!.warning, /undefined field 'maxReplicas'/);
    const right = specOf('apps', 'deployments', [
      'object.spec.template.spec.containers.all(c, !c.image.endsWith(":latest"))',
      'object.spec.template.spec.containers.all(c, quantity(c.resources.limits["cpu"]).isInteger())',
      'object.spec.strategy.rollingUpdate.maxSurge == 1 && object.metadata.labels["a"] == "b"',
    ]);
    await plane.client.patch(
      VALIDATING_ADMISSION_POLICIES,
      { name: policy.metadata.name },
      { spec: right },
      { type: 'merge' },
    );
    assert.deepEqual((await checked('built-in', 2)).typeChecking, {});
  });

  it('knows the schemas of custom resources', async () => {
    await plane.client.create(CUSTOM_RESOURCE_DEFINITIONS, widgets(GROUP));
    await create('custom', specOf(GROUP, 'widgets', ['object.spec.colour == 1']));
    const { typeChecking } = await checked('custom', 1);
    assert.match(
      typeChecking!.expressionWarnings![0]!.warning,
      /^checked\.example\.com\/v1, Kind=Widget: ERROR: .*'_==_' applied to '\(string, int\)'/,
    );
  });

  it('has no warnings for kinds that are not served, and for wildcards', async () => {
    await create('unknown', specOf('none.example.com', 'widgets', ['object.zz == 1']));
    await create('any', specOf('*', '*', ['object.zz == 1']));
    for (const name of ['unknown', 'any'])
      assert.deepEqual((await checked(name, 1)).typeChecking, {});
  });
});
