// Cases of upstream's component-helpers/scheduling/corev1: helpers_test.go and
// nodeaffinity/nodeaffinity_test.go, and our own at the edges of numbers.
import assert from 'node:assert/strict';
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../apis/core/v1/types.js';
import {
  compileNodeSelector,
  compilePreferredTerms,
  compileRequiredNodeAffinity,
  compileTerm,
} from './node-selector.js';

/** 'key Operator value,value'; a key after '@' is a field. */
function requirement(text: string): NodeSelectorRequirement {
  const [key = '', operator = '', values] = text.split(' ');
  return { key, operator, ...(values === undefined ? {} : { values: values.split(',') }) };
}

/** Requirements of one term, joined by ' & '. */
function term(text: string): NodeSelectorTerm {
  const parts = text ? text.split(' & ') : [];
  const fields = parts.filter((part) => part.startsWith('@'));
  const labels = parts.filter((part) => !part.startsWith('@'));
  return {
    ...(labels.length ? { matchExpressions: labels.map(requirement) } : {}),
    ...(fields.length ? { matchFields: fields.map((f) => requirement(f.slice(1))) } : {}),
  };
}

const node = (labels: Record<string, string> = {}, name = 'host_1') => ({
  metadata: { name, labels },
});

const NAME = '@metadata.name In host_1';
const LABEL = 'label_1 In label_1_val';

describe('node selectors', () => {
  // TestMatchNodeSelectorTerms and TestNodeSelectorMatch: terms, labels, node name, result.
  for (const [terms, labels, name, expected] of [
    [[], {}, '', false],
    [[LABEL], { label_1: 'label_1_val' }, '', true],
    [[NAME], {}, 'host_1', true],
    [['@metadata.name In host_1,host_2'], {}, 'host_1', false],
    [[NAME], { 'metadata.name': 'host_1' }, 'not_host_1', false],
    [['metadata.name In host_1'], {}, 'host_1', false],
    [[`${LABEL} & ${NAME}`], {}, 'host_1', false],
    [[`${LABEL} & ${NAME}`], { label_1: 'label_1_val' }, 'host_1', true],
    [[`${LABEL} & ${NAME}`], { label_1: 'label_1_val-failed' }, 'host_1', false],
    [[LABEL, NAME], { label_1: 'label_1_val-failed' }, 'host_1', true],
    [['@metadata.name NotIn host_1'], {}, 'host_2', true],
    [['@metadata.name NotIn host_1'], {}, 'host_1', false],
    [['@metadata.name Exists'], {}, 'host_1', false],
    [['@spec.unschedulable In true'], {}, 'host_1', false],
    // An invalid term does not spoil a valid one.
    [['@metadata.name In host_1,host_2', LABEL], { label_1: 'label_1_val' }, 'host_1', true],
    [['invalid/key/x In v', LABEL], { label_1: 'label_1_val' }, 'host_1', true],
  ] as const) {
    it(`${JSON.stringify(terms)} ${expected ? 'picks' : 'leaves'} ${name} ${JSON.stringify(labels)}`, () => {
      const matches = compileNodeSelector({ nodeSelectorTerms: terms.map(term) });
      assert.equal(matches(node(labels, name)), expected);
    });
  }

  // One requirement against the value of the label; undefined is a node without the label.
  for (const [text, value, expected] of [
    ['k In bar,value2', 'bar', true],
    ['k In value1,value2', 'bar', false],
    ['k In bar', undefined, false],
    ['k NotIn DDR,DDR2', 'DDR3', true],
    ['k NotIn DDR,DDR2', 'DDR', false],
    ['k NotIn DDR', undefined, true],
    ['k NotIn ___@#$%^', 'bar', false],
    ['k Exists', 'NVIDIA-GRID-K1', true],
    ['k Exists', '', true],
    ['k Exists', undefined, false],
    ['k Exists bar', 'bar', false],
    ['k DoesNotExist', undefined, true],
    ['k DoesNotExist', 'x', false],
    ['k Gt 0204', '0206', true],
    ['k Gt 0204', '0204', false],
    ['k Gt 1', 'many', false],
    ['k Gt one', '5', false],
    ['k Gt 1,2', '5', false],
    ['k Gt 1', undefined, false],
    ['k Lt 7', '6', true],
    ['k Lt 7', '7', false],
    ['k Lt 1', '-1', true],
    ['k Gt 9007199254740992', '9007199254740993', true],
    ['k Lt 9007199254740993', '9007199254740992', true],
    ['k Gt 1', '9223372036854775807', true],
    ['k Gt 1', '9223372036854775808', false],
    ['k Like x', 'x', false],
  ] as const) {
    it(`"${text}" ${expected ? 'holds' : 'does not hold'} for ${value}`, () => {
      const labels = value === undefined ? {} : { k: value };
      assert.equal(compileTerm(term(text))(node(labels)), expected);
    });
  }

  it('without requirements in a term pick no node', () => {
    assert.equal(compileTerm({})(node({ foo: 'bar' })), false);
    assert.equal(compileTerm({ matchExpressions: [], matchFields: [] })(node()), false);
  });

  // TestPodMatchesNodeSelectorAndAffinityTerms.
  const spec = (nodeSelector: Record<string, string>, terms?: readonly string[]): PodSpec => ({
    containers: [],
    nodeSelector,
    ...(terms
      ? {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: terms.map(term),
              },
            },
          },
        }
      : {}),
  });
  for (const [nodeSelector, terms, labels, expected] of [
    [{ foo: 'bar' }, undefined, {}, false],
    [{ foo: 'bar' }, undefined, { foo: 'bar' }, true],
    [{ foo: 'bar' }, undefined, { foo: 'bar', baz: 'blah' }, true],
    [{ foo: 'bar', baz: 'blah' }, undefined, { foo: 'bar' }, false],
    [{}, [], { foo: 'bar' }, false],
    [{}, [''], { foo: 'bar' }, false],
    [{}, ['GPU Exists & GPU NotIn AMD,INTER'], { GPU: 'NVIDIA-GRID-K1' }, true],
    [{}, ['GPU Exists & GPU In AMD,INTER'], { GPU: 'NVIDIA-GRID-K1' }, false],
    [{}, ['foo In bar,value2', 'diffkey In wrong,value2'], { foo: 'bar' }, true],
    [{ foo: 'bar' }, ['foo Exists'], { foo: 'bar' }, true],
    [{ foo: 'bar' }, ['foo Exists'], { foo: 'barrrrrr' }, false],
    [{ foo: 'bar' }, ['foo In x'], { foo: 'bar' }, false],
  ] as const) {
    it(`of a pod: ${JSON.stringify(nodeSelector)} with ${JSON.stringify(terms)} on ${JSON.stringify(labels)}`, () => {
      const matches = compileRequiredNodeAffinity(spec(nodeSelector, terms));
      assert.ok(matches);
      assert.equal(matches(node(labels as Record<string, string>)), expected);
    });
  }

  it('are undefined for a pod that asks for nothing', () => {
    assert.equal(compileRequiredNodeAffinity({ containers: [] }), undefined);
    const affinity = { nodeAffinity: {} };
    assert.equal(compileRequiredNodeAffinity({ containers: [], affinity }), undefined);
  });

  it('leave what they are given as it is', () => {
    const given = term('label_1 In label_2_val,label_1_val');
    const before = structuredClone(given);
    assert.equal(compileTerm(given)(node({ label_1: 'label_1_val' })), true);
    assert.deepEqual(given, before);
  });

  // TestPreferredSchedulingTermsScore.
  it('score by the weights of the terms that match', () => {
    const weighted = (weight: number, text: string) => ({ weight, preference: term(text) });
    const score = (terms: ReturnType<typeof weighted>[], labels = {}) =>
      compilePreferredTerms(terms)!(node(labels));
    const terms = [weighted(5, NAME), weighted(7, 'unknown In x'), weighted(11, LABEL)];
    assert.equal(score(terms, { label_1: 'label_1_val' }), 16);
    assert.equal(score([weighted(0, '@metadata.name In host_1,host_2')]), 0);
    assert.equal(score([weighted(9, '')]), 0);
    assert.equal(compilePreferredTerms([]), undefined);
  });
});
