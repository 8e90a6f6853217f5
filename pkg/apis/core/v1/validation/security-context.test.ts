import { strict as assert } from 'node:assert';
import type { Pod } from '../types.js';
import { validatePod } from './pod.js';

const complaints = (add: string[], allowPrivilegeEscalation?: boolean): string[] => {
  const own = {
    capabilities: { add },
    ...(allowPrivilegeEscalation === undefined ? {} : { allowPrivilegeEscalation }),
  };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'x', securityContext: own }] },
  };
  return validatePod(pod).flatMap(({ message }) =>
    message.includes('capabilities.Add') ? [message] : [],
  );
};

describe('capabilities without privilege escalation', () => {
  it('include SYS_ADMIN under none of the names that runtimes take', () => {
    for (const name of [
      'CAP_SYS_ADMIN',
      'SYS_ADMIN',
      'cap_sys_admin',
      'sys_admin',
      'Cap_Sys_Admin',
    ])
      assert.equal(complaints(['CHOWN', name], false).length, 1, name);
  });

  it('may include others, and SYS_ADMIN where escalation is allowed', () => {
    assert.deepEqual(complaints(['SYS_ADMIN_2', 'SYS_TIME'], false), []);
    assert.deepEqual(complaints(['SYS_ADMIN'], true), []);
    assert.deepEqual(complaints(['SYS_ADMIN']), []);
  });
});
