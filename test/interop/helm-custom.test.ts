// Helm 3 with custom resources: a chart with its definitions in crds/, and one with the definition
// among its templates.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually, startControlPlane, type ControlPlane } from '../support/control-plane.js';
import { manifestOf } from '../support/example-process.js';
import { createHelm, helmBinary, type Helm } from '../support/helm-process.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';
import { skip } from '../support/skip.js';

const VALUES = 'page: <a>\nsites: [one, two]\nhook: ""\n';
const objects = (group: string): string => `
{{- range .Values.sites }}
---
apiVersion: ${group}/v1
kind: Website
metadata:
  name: {{ $.Release.Name }}-{{ . }}
  {{- with $.Values.hook }}
  annotations: {helm.sh/hook: {{ . }}}
  {{- end }}
spec:
  page: {{ $.Values.page }}
{{- end }}
`;
/** The definition of the example operator in another group. */
const definition = (group: string): string =>
  manifestOf('operator', 'crd.yaml').replaceAll('example.com', group);

const CHARTS: Record<string, Record<string, string>> = {
  beside: {
    'crds/websites.yaml': definition('beside.example.com'),
    'templates/websites.yaml': `{{- if .Capabilities.APIVersions.Has "beside.example.com/v1/Website" }}${objects('beside.example.com')}{{- end }}`,
  },
  within: {
    'templates/crd.yaml': definition('within.example.com'),
    'templates/websites.yaml': objects('within.example.com'),
  },
};

describe('Helm 3 with custom resources', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let helm: Helm;
  let kubectl: Kubectl;
  let folder: string;
  let ns = '';

  before(async function () {
    const binary = await helmBinary().catch((error: Error) =>
      skip(this, { setup: `Helm (${error.message})` }),
    );
    folder = await mkdtemp(join(tmpdir(), 'chart-'));
    for (const [chart, files] of Object.entries(CHARTS)) {
      const all = {
        ...files,
        'values.yaml': VALUES,
        'Chart.yaml': `apiVersion: v2\nname: ${chart}\nversion: 0.1.0\n`,
      };
      for (const [name, text] of Object.entries(all)) {
        const file = join(folder, chart, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    }
    plane = await startControlPlane();
    helm = await createHelm(binary, plane.api.kubeconfig);
    kubectl = await createKubectl(plane.api.kubeconfig);
  });
  beforeEach(async () => {
    ns = await plane.namespace();
  });
  after(async () => {
    await helm?.close();
    await kubectl?.close();
    await plane?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  const h = (...args: string[]) => helm.ok(['-n', ns, ...args]);
  const shown = async (group: string) =>
    kubectl.ok([
      '-n',
      ns,
      'get',
      `websites.${group}`,
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.spec.page}/{.spec.replicas}/{.metadata.generation} {end}',
    ]);

  it('installs, upgrades, rolls back and uninstalls a chart with crds/', async () => {
    const chart = join(folder, 'beside');
    const group = 'beside.example.com';
    assert.match(await h('install', 'r', chart, '--wait'), /STATUS: deployed/);
    assert.equal(await shown(group), 'r-one=<a>/1/1 r-two=<a>/1/1 ');
    await h('upgrade', 'r', chart, '--wait');
    assert.equal(await shown(group), 'r-one=<a>/1/1 r-two=<a>/1/1 ', 'nothing has changed');
    await h('upgrade', 'r', chart, '--wait', '--set', 'page=<b>,sites={two,three}');
    assert.equal(await shown(group), 'r-three=<b>/1/1 r-two=<b>/1/2 ');
    // Helm's three-way merge keeps the changes of others.
    await kubectl.ok(['-n', ns, 'scale', `websites.${group}/r-two`, '--replicas=5']);
    await h('rollback', 'r', '1', '--wait');
    assert.equal(await shown(group), 'r-one=<a>/1/1 r-two=<a>/5/4 ');
    const bad = await helm.run(['-n', ns, 'upgrade', 'r', chart, '--set', 'page=7']);
    assert.match(bad.stderr, /spec\.page: Invalid value: "integer": spec\.page in body must be/);
    assert.match(await h('uninstall', 'r', '--wait'), /uninstalled/);
    assert.equal(await shown(group), '');
    const crd = await kubectl.ok(['get', 'crd', `websites.${group}`, '-o', 'name']);
    assert.match(crd, /websites/, 'Helm never deletes the definitions of crds/');
    // A second release finds the definition.
    assert.match(await h('install', 's', chart, '--wait'), /STATUS: deployed/);
  });

  it('needs the kind before it takes its objects from templates', async () => {
    const chart = join(folder, 'within');
    const group = 'within.example.com';
    const early = await helm.run(['-n', ns, 'install', 'r', chart]);
    assert.match(
      early.stderr,
      /resource mapping not found for name: "r-one"[^]*no matches for kind "Website" in version "within\.example\.com\/v1"\nensure CRDs are installed first/,
    );
    // As hooks, the objects come after the definition of the same chart.
    const hook = ['--set', 'hook=post-install'];
    assert.match(await h('install', 'r', chart, ...hook), /STATUS: deployed/);
    assert.equal(await shown(group), 'r-one=<a>/1/1 r-two=<a>/1/1 ');
    await h('uninstall', 'r', '--wait');
    await eventually('the end of the kind', async () => {
      const { stdout, stderr } = await kubectl.run(['get', `websites.${group}`, '-A']);
      return /doesn't have a resource type|could not find the requested/.test(stderr + stdout);
    });
    // With the kind at hand, objects among the templates upgrade as all others.
    await kubectl.ok(['create', '-f', '-'], definition(group));
    const owner = { 'meta.helm.sh/release-name': 'q', 'meta.helm.sh/release-namespace': ns };
    const notes = Object.entries(owner).map(([key, value]) => `${key}=${value}`);
    await kubectl.ok(['annotate', 'crd', `websites.${group}`, ...notes]);
    const label = 'app.kubernetes.io/managed-by=Helm';
    await kubectl.ok(['label', 'crd', `websites.${group}`, label]);
    await h('install', 'q', chart, '--wait');
    await h('upgrade', 'q', chart, '--wait', '--set', 'page=<b>');
    assert.equal(await shown(group), 'q-one=<b>/1/2 q-two=<b>/1/2 ');
    await h('rollback', 'q', '--wait');
    assert.equal(await shown(group), 'q-one=<a>/1/3 q-two=<a>/1/3 ');
    await h('uninstall', 'q', '--wait');
    const { stderr } = await kubectl.run(['get', 'crd', `websites.${group}`]);
    assert.match(stderr, /NotFound/);
  });
});
