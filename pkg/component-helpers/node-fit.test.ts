import { strict as assert } from 'node:assert';
import type { Pod } from '../apis/core/v1/types.js';
import { emptyResources, hostPortsOf, portsConflict, resourcesOf, shortages } from './node-fit.js';
import { quantitiesOf } from './resources.js';

const amounts = (list: Record<string, string>) => resourcesOf(quantitiesOf(list));

describe('room on a node', () => {
  it('names every resource that is short, pods first', () => {
    const room = {
      allocatable: amounts({ cpu: '1', memory: '20', 'example.com/a': '5' }),
      requested: amounts({ cpu: '999m', memory: '19', 'example.com/a': '5' }),
      allowedPods: 1,
    };
    assert.deepEqual(shortages(amounts({ cpu: '1m', memory: '1' }), room, 0), []);
    assert.deepEqual(shortages(emptyResources(), room, 0), []);
    assert.deepEqual(
      shortages(amounts({ cpu: '2m', memory: '2', 'example.com/a': '1', b: '1' }), room, 1),
      [
        { resource: 'pods', requested: 1, used: 1, capacity: 1 },
        { resource: 'cpu', requested: 2, used: 999, capacity: 1000 },
        { resource: 'memory', requested: 2, used: 19, capacity: 20 },
        { resource: 'example.com/a', requested: 1, used: 5, capacity: 5 },
        { resource: 'b', requested: 1, used: 0, capacity: 0 },
      ],
    );
  });

  it('compares host ports by port, protocol and address', () => {
    const ports = (list: object[]) =>
      hostPortsOf({ spec: { containers: [{ name: 'c', ports: list }] } } as unknown as Pod);
    const [plain, udp, local, other] = ports([
      { containerPort: 1, hostPort: 80 },
      { containerPort: 1, hostPort: 80, protocol: 'UDP' },
      { containerPort: 1, hostPort: 80, hostIP: '127.0.0.1' },
      { containerPort: 1, hostPort: 80, hostIP: '192.0.2.1' },
    ]);
    assert.deepEqual(plain, { ip: '0.0.0.0', protocol: 'TCP', port: 80 });
    assert.ok(portsConflict(plain!, local!) && portsConflict(other!, plain!));
    assert.ok(!portsConflict(plain!, udp!) && !portsConflict(local!, other!));
    assert.deepEqual(ports([{ containerPort: 80 }]), []);
  });
});
