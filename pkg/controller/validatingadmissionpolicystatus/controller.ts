// validatingadmissionpolicy-status-controller: writes what the type checker says about the
// expressions of policies into their status (upstream:
// pkg/controller/validatingadmissionpolicystatus).
import type { APIGroupList, APIResourceList } from '../../apimachinery/meta/types.js';
import type { ValidatingAdmissionPolicy } from '../../apis/admissionregistration/v1/types.js';
import { VALIDATING_ADMISSION_POLICIES } from '../../apis/resource-types.js';
import type { Declaration } from '../../cel/kubernetes/schema.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';
import { kindsToCheck, warningsOf, type Kind } from './plan.js';
import { schemaOfKind, type Document } from './schemas.js';

type Versioned = Pick<Kind, 'group' | 'version'>;

const pathOf = ({ group, version }: Versioned): string =>
  group ? `apis/${group}/${version}` : `api/${version}`;

/** Reads of the server's documents, each made once. Undefined for what is not served. */
function createReader({ client }: ControllerContext) {
  const read = new Map<string, Promise<unknown>>();
  const get = async (path: string): Promise<unknown> => {
    const { status, body } = await client.raw('GET', path, undefined);
    if (status === 404 || status === 503) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  };
  return <T>(path: string): Promise<T | undefined> => {
    const known = getOrInsert(read, path, () => get(path));
    return known as Promise<T | undefined>;
  };
}

type Reader = ReturnType<typeof createReader>;

/** Kinds by group version and resource, of the group versions that the policy names. */
async function readKinds({ spec }: ValidatingAdmissionPolicy, read: Reader) {
  const kinds = new Map<string, string>();
  const served = (await read<APIGroupList>('/apis'))?.groups ?? [];
  const versions = new Set([
    'v1',
    ...served.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion)),
  ]);
  const rules = spec.matchConstraints?.resourceRules ?? [];
  const named = rules.flatMap(({ apiGroups = [], apiVersions = [] }) =>
    apiGroups.flatMap((group) => apiVersions.map((version) => ({ group, version }))),
  );
  for (const one of named) {
    if (!versions.has(one.group ? `${one.group}/${one.version}` : one.version)) continue;
    const list = await read<APIResourceList>(`/${pathOf(one)}`);
    for (const { name, kind } of list?.resources ?? []) kinds.set(`${pathOf(one)}/${name}`, kind);
  }
  return (group: string, version: string, resource: string): string | undefined =>
    kinds.get(`${pathOf({ group, version })}/${resource}`);
}

async function check(policy: ValidatingAdmissionPolicy, read: Reader) {
  const [{ policyCompiler }, { declareSchema }] = await Promise.all([
    import('../../cel/kubernetes/policy.js'),
    import('../../cel/kubernetes/schema.js'),
  ]);
  const declarationOf = async (kind: Kind): Promise<Declaration | undefined> => {
    const document = await read<Document>(`/openapi/v3/${pathOf(kind)}`);
    const schema = document && schemaOfKind(document, kind);
    return schema && declareSchema(schema, kind.kind, false);
  };
  const checked = [];
  for (const kind of kindsToCheck(policy, await readKinds(policy, read))) {
    const object = await declarationOf(kind);
    if (object) checked.push({ kind, object });
  }
  const { apiVersion = '', kind = '' } = policy.spec.paramKind ?? {};
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const params = kind ? await declarationOf({ group, version, kind }) : undefined;
  return warningsOf(policy, checked, params, policyCompiler);
}

export function createPolicyStatusController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const policies = informers.informer(VALIDATING_ADMISSION_POLICIES);
  return {
    watches: [watch(policies)],
    async reconcile(name) {
      const policy = policies.store.get(name);
      const { generation = 0 } = policy?.metadata ?? {};
      if (!policy || (policy.status?.observedGeneration ?? 0) >= generation) return;
      const expressionWarnings = await check(policy, createReader(context));
      const typeChecking = expressionWarnings.length ? { expressionWarnings } : {};
      const body = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: VALIDATING_ADMISSION_POLICIES.kind,
        metadata: { name },
        status: { observedGeneration: generation, typeChecking },
      };
      const fieldManager = 'validatingadmissionpolicy-status';
      const options = { type: 'apply', subresource: 'status', fieldManager, force: true } as const;
      const patch = client.patch(VALIDATING_ADMISSION_POLICIES, { name }, body, options);
      await patch.catch(ignoreNotFound);
    },
  };
}
