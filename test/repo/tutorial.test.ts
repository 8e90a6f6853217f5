// The tutorial in both languages: the same commands with the same outputs. test/e2e runs them.
import assert from 'node:assert/strict';
import { blocksOf, isAsShown, readPage } from '../support/page.js';

describe('tutorial', () => {
  it('has the same commands and outputs in both languages', () => {
    const bare = (page: string) => blocksOf(readPage(page)).map(({ line: _, ...block }) => block);
    const english = bare('tutorial.md');
    assert.ok(english.length >= 20);
    assert.deepEqual(bare('tutorial.zh.md'), english);
  });

  it('shows an output for everything that a reader repeats', () => {
    const blind = blocksOf(readPage('tutorial.md')).filter(
      ({ repeated, output }) => repeated && output === undefined,
    );
    assert.deepEqual(blind, []);
  });

  it('refuses a page that it would read only in part', () => {
    for (const page of [
      '```bash\ntrue\n```',
      '```text\nout\n```',
      '```sh\ntrue\n```\n```text\na\n```\n```text\nb\n```',
      '```sh\ntrue',
    ])
      assert.throws(() => blocksOf(page), /line \d/, page);
  });

  it('compares outputs line by line, with gaps where the page has them', () => {
    const pods = 'NAME   READY\nweb-x8k2p   1/1  \nweb-zzzzz   1/1\n';
    assert.ok(isAsShown(pods, 'NAME READY\nweb-…  1/1\nweb-…  1/1'));
    assert.ok(isAsShown(pods, 'NAME READY\n…'));
    assert.ok(isAsShown(pods, '…\nweb-zzzzz 1/1'));
    assert.ok(isAsShown('', '…'));
    assert.ok(!isAsShown(pods, 'NAME READY\nweb-… 1/1'), 'a pod too many');
    assert.ok(!isAsShown(pods, 'NAME READY\nweb-… 0/1\nweb-… 1/1'), 'another state');
    assert.ok(!isAsShown(pods, 'READY\n…'), 'a line only in part');
    assert.ok(!isAsShown('a.b', 'a+b') && !isAsShown('aXb', 'a.b'), 'text is no pattern');
    assert.ok(!isAsShown('', 'ok'));
  });
});
