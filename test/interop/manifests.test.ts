// Condensed forms of manifests as public repositories hold them, applied twice. The comments in
// manifests/*.yaml say what the real server answers: `expect` is the text of a refusal, `again` the
// word for the second apply where kubectl sends a patch that has no effect. kubectl does so for
// written zeros, quantities that are not canonical, null times, defaults inside lists without a
// merge key, and fields with the strategy `replace`.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ApiObject } from '../../pkg/apimachinery/meta/object.js';
import { eventually, type ControlPlane } from '../support/control-plane.js';
import { startHollowCluster } from '../support/hollow-cluster.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

const FOLDER = 'test/interop/manifests';

interface Document {
  /** As kubectl names the object: 'deployment.apps/web'. */
  name: string;
  refusal?: string;
  again: string;
}

function documents(text: string): Document[] {
  return text.split(/^---$/m).flatMap((part): Document[] => {
    const object = parse(part) as ApiObject & { items?: ApiObject[] };
    const note = (key: string) => new RegExp(`^# ${key}: (.*)$`, 'm').exec(part)?.[1];
    const refusal = note('expect');
    return (object.items ?? [object]).map(({ apiVersion, kind, metadata }) => {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
      return {
        name: `${kind.toLowerCase()}${group && `.${group}`}/${metadata.name}`,
        again: note('again') ?? 'unchanged',
        ...(refusal === undefined ? {} : { refusal }),
      };
    });
  });
}

/** Workloads whose pods run or finish here; nobody provides volumes for claims. */
const SETTLED: Record<string, (o: { status?: Record<string, number> }) => boolean> = {
  deployments: ({ status }) => (status?.['replicas'] ?? 0) === (status?.['readyReplicas'] ?? -1),
  daemonsets: ({ status }) => status?.['numberReady'] === 3,
  jobs: ({ status }) => (status?.['succeeded'] ?? 0) > 0 && !status?.['active'],
};

describe('public manifests', function () {
  this.timeout(90_000);
  let plane: ControlPlane;
  let kubectl: Kubectl;

  before(async () => {
    plane = await startHollowCluster(3);
    kubectl = await createKubectl(plane.api.kubeconfig);
  });
  after(async () => {
    await kubectl?.close();
    await plane?.stop();
  });

  const items = async (what: string) =>
    (
      JSON.parse(await kubectl.ok(['get', what, '-A', '-o', 'json'])) as {
        items: (ApiObject & { status?: Record<string, number> })[];
      }
    ).items;
  const templates = async () =>
    (await items('deployments,daemonsets,statefulsets,pods')).map(
      ({ kind, metadata: { name, uid, generation } }) => [kind, name, uid, generation],
    );

  async function apply(text: string, word: (document: Document) => string) {
    const expected = documents(text);
    const { stdout, stderr } = await kubectl.run(['apply', '-f', '-'], text);
    const taken = expected.filter(({ refusal }) => refusal === undefined);
    assert.deepEqual(
      stdout.trim().split('\n').sort(),
      taken.map((d) => `${d.name} ${word(d)}`).sort(),
      stderr,
    );
    const refused = expected.flatMap(({ refusal }) => refusal ?? []);
    for (const refusal of refused) assert.ok(stderr.includes(refusal), `${refusal}\n${stderr}`);
    const errors = stderr.match(/^(Error from server|The \S+ "|resource mapping|error: )/gm) ?? [];
    assert.equal(errors.length, refused.length, stderr);
  }

  for (const file of readdirSync(FOLDER)) {
    it(`${file} has upstream's outcomes, and a second apply changes nothing`, async () => {
      const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
      await apply(text, () => 'created');
      await eventually('the workloads settle', async () => {
        for (const [what, settled] of Object.entries(SETTLED))
          if (!(await items(what)).every(settled)) return false;
        return true;
      });
      const before = await templates();
      await apply(text, ({ again }) => again);
      assert.deepEqual(await templates(), before);
    });
  }
});
