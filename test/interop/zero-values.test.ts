// Compares our table of zero values with kubectl's Go types, which omit a zero that means an absent
// field when they print an object.
import assert from 'node:assert/strict';
import {
  mustStructOf,
  type StructNode,
  type TypeNode,
} from '../../pkg/apimachinery/schema/schema.js';
import { MESSAGES } from '../../pkg/apis/facts/messages.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

type Json = Record<string, unknown>;

/** Kinds that `kubectl set image --local` decodes and prints. */
const KINDS = [
  ['v1', 'Pod', 'io.k8s.api.core.v1.Pod'],
  ['v1', 'ReplicationController', 'io.k8s.api.core.v1.ReplicationController'],
  ['apps/v1', 'Deployment', 'io.k8s.api.apps.v1.Deployment'],
  ['apps/v1', 'StatefulSet', 'io.k8s.api.apps.v1.StatefulSet'],
  ['apps/v1', 'DaemonSet', 'io.k8s.api.apps.v1.DaemonSet'],
  ['apps/v1', 'ReplicaSet', 'io.k8s.api.apps.v1.ReplicaSet'],
  ['batch/v1', 'Job', 'io.k8s.api.batch.v1.Job'],
  ['batch/v1', 'CronJob', 'io.k8s.api.batch.v1.CronJob'],
] as const;

const ZEROS: Readonly<Record<string, unknown>> = {
  string: '',
  boolean: false,
  int32: 0,
  int64: 0,
  quantity: '0',
  intOrString: 0,
};
const COMPARED = new Set(['string', 'boolean', 'int32', 'int64']);
const MAX_DEPTH = 11;

/** A value with all fields zero; containers have a name, so that the command finds one. */
function zeroOf(type: TypeNode, depth: number): unknown {
  if (type.kind === 'scalar') return ZEROS[type.scalar];
  if (type.kind === 'struct') return depth > 0 ? zeroStruct(type.struct, depth) : {};
  const item = zeroOf(type.kind === 'list' ? type.item : type.value, depth);
  return item === undefined ? undefined : type.kind === 'list' ? [item] : { k: item };
}

function zeroStruct(struct: StructNode, depth: number): Json {
  const out: Json = {};
  for (const { name, type } of struct.fields.values()) {
    if (name === 'managedFields' || name === 'apiVersion' || name === 'kind') continue;
    const value = name === 'name' ? 'c' : zeroOf(type, depth - 1);
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/** 'Message.field' of every zero that kubectl prints and the table omits, or the reverse. */
function disagreements(sent: Json, printed: Json | undefined, struct: StructNode): string[] {
  const wrong: string[] = [];
  for (const { name, type, facts } of struct.fields.values()) {
    const value = sent[name];
    if (value === undefined) continue;
    const back = printed?.[name];
    if (type.kind === 'struct')
      wrong.push(...disagreements(value as Json, back as Json | undefined, type.struct));
    else if (type.kind === 'list' && type.item.kind === 'struct') {
      wrong.push(
        ...disagreements(
          (value as Json[])[0]!,
          (back as Json[] | undefined)?.[0],
          type.item.struct,
        ),
      );
    } else if (
      printed &&
      type.kind === 'scalar' &&
      COMPARED.has(type.scalar) &&
      value === ZEROS[type.scalar]
    ) {
      const kept = /^p|!$/.test(facts.go ?? '');
      if (kept !== (back !== undefined)) wrong.push(`${struct.name}.${name}`);
    }
  }
  return wrong;
}

describe('zero values beside kubectl', function () {
  this.timeout(60_000);
  let kubectl: Kubectl;
  before(async () => {
    kubectl = await createKubectl(undefined);
  });
  after(() => kubectl.close());

  for (const [apiVersion, kind, schemaName] of KINDS) {
    it(`of ${kind}`, async () => {
      const struct = mustStructOf(MESSAGES, schemaName);
      const sent = {
        apiVersion,
        kind,
        ...zeroStruct(struct, MAX_DEPTH),
        metadata: { name: 'x', namespace: 'd' },
      };
      const printed = JSON.parse(
        await kubectl.ok(
          ['set', 'image', '--local', '-f', '-', 'c=new', '-o', 'json'],
          JSON.stringify(sent),
        ),
      ) as Json;
      // The command sets the images.
      assert.deepEqual(
        disagreements(sent, printed, struct).filter((field) => field !== 'Container.image'),
        [],
      );
    });
  }
});
