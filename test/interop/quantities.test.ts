// Compares our quantities with kubectl's: the canonical text of random amounts. (Upstream keeps a
// few unusual spellings, such as 1E6, 1.5e-2, +5 and 100E, where ours are canonical.)
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseQuantity } from '../../pkg/apimachinery/quantity/quantity.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

const AMOUNTS = 500;

describe('quantities beside kubectl', function () {
  this.timeout(60_000);
  let kubectl: Kubectl;
  before(async () => {
    kubectl = await createKubectl(undefined);
  });
  after(() => kubectl.close());

  it('have the same canonical text', async () => {
    const number = fc.oneof(
      fc.nat(5000).map(String),
      fc
        .tuple(fc.nat(2000), fc.nat(9999))
        .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(4, '0')}`),
      fc.nat(3_000_000_000).map(String),
      fc.nat(50).map((n) => String(n * 1024)),
    );
    const suffix = fc.constantFrom(
      '',
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'Ki',
      'Mi',
      'Gi',
      'Ti',
      'e3',
      'e6',
    );
    const texts = fc.sample(
      fc.tuple(fc.constantFrom('', '', '-'), number, suffix).map((parts) => parts.join('')),
      AMOUNTS,
    );
    const limits = Object.fromEntries(texts.map((text, i) => [`r${i}`, text]));
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers: [{ name: 'c', resources: { limits } }] },
    };
    const printed = JSON.parse(
      await kubectl.ok(
        ['set', 'image', '--local', '-f', '-', 'c=new', '-o', 'json'],
        JSON.stringify(pod),
      ),
    ) as typeof pod;
    const theirs = printed.spec.containers[0]!.resources.limits;
    const ours = Object.fromEntries(
      texts.map((text, i) => [`r${i}`, parseQuantity(text).toString()]),
    );
    const different = texts.flatMap((text, i) =>
      ours[`r${i}`] === theirs[`r${i}`] ? [] : [[text, ours[`r${i}`], theirs[`r${i}`]]],
    );
    assert.deepEqual(different, []);
  });
});
