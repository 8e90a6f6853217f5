import assert from 'node:assert/strict';
import { decide, nodesOf, type ClusterRecord } from './record.js';
import { refusalOf as refusal } from './resize.js';

const host = { indexes: new Set<number>(), networks: [], portIsFree: () => Promise.resolve(true) };

const refusalOf = (record: ClusterRecord, wishes: Record<string, string | boolean>) =>
  refusal(record, (flag) => wishes[flag]);

describe('other wishes for a cluster', () => {
  const wanted = { name: 'two', nodes: 2, backend: 'vxlan', separate: false } as const;

  it('are refused with the reason where the cluster keeps what it has', async () => {
    const record = await decide(wanted, host);
    const dual = await decide({ ...wanted, dualStack: true, separate: true }, host);
    assert.match(
      refusalOf(record, { backend: 'udp' })!,
      /cluster "two" has --backend=vxlan, which cannot become udp: .*hack\/down --name two first/,
    );
    assert.match(refusalOf(record, { 'dual-stack': true })!, /--dual-stack=false.* become true/);
    assert.match(refusalOf(dual, { 'dual-stack': false })!, /--dual-stack=true.* become false/);
    assert.match(refusalOf(record, { separate: true })!, /--separate=false/);
    assert.match(refusalOf(record, { 'no-load-balancers': true })!, /--no-load-balancers=false/);
    assert.match(refusalOf(dual, { separate: false })!, /--separate=true/);
  });

  it('are refused while a restore has not ended', async () => {
    const record = { ...(await decide(wanted, host)), restoring: true };
    assert.match(refusalOf(record, {})!, /run hack\/restore again$/);
  });

  it('pass when they ask for what there is, or for nothing', async () => {
    const dual = await decide({ ...wanted, dualStack: true }, host);
    assert.equal(refusalOf(dual, {}), undefined);
    assert.equal(
      refusalOf(dual, { backend: 'vxlan', 'dual-stack': true, separate: false }),
      undefined,
    );
  });

  it('leave the nodes that stay as they are', async () => {
    for (const dualStack of [false, true]) {
      const { nodes, ...record } = await decide({ ...wanted, nodes: 50, dualStack }, host);
      for (const count of [1, 2, 11, 49, 50])
        assert.deepEqual(nodesOf(record, count), nodes.slice(0, count));
      assert.equal(new Set(nodes.map(({ address }) => address)).size, 50);
    }
  });
});
