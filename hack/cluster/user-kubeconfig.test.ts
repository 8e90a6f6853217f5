import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { withEntries } from './user-kubeconfig.js';

const NAME = 'wheelhouse-a';
const entries = (server: string) => ({
  clusters: { server },
  users: { token: 't' },
  contexts: { cluster: NAME, user: NAME },
});
const OTHER = `# mine
apiVersion: v1
kind: Config
clusters:
- name: work # do not touch
  cluster: {server: https://work}
contexts:
- name: work
  context: {cluster: work, user: me, namespace: team}
users:
- name: me
  user:
    exec: {command: login, apiVersion: client.authentication.k8s.io/v1}
current-context: work
`;
interface Config {
  clusters: { name: string; cluster: { server: string } }[];
  users: { name: string }[];
  contexts: { name: string; context: object }[];
  'current-context': string;
}
const read = (text: string) => parse(text) as Config;
const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe('the kubeconfig of a user', () => {
  it('gets a cluster as its current context, and keeps everything else', () => {
    const text = withEntries(OTHER, NAME, entries('https://one'));
    assert.match(text, /^# mine\n/);
    assert.match(text, /name: work # do not touch/);
    const config = read(text);
    assert.deepEqual(names(config.clusters), ['work', NAME]);
    assert.deepEqual(names(config.users), ['me', NAME]);
    assert.deepEqual(config.contexts[1], { name: NAME, context: { cluster: NAME, user: NAME } });
    assert.equal(config['current-context'], NAME);
  });

  it('holds a cluster once, with its last address', () => {
    const once = withEntries(OTHER, NAME, entries('https://one'));
    const config = read(withEntries(once, NAME, entries('https://two')));
    assert.deepEqual(
      config.clusters.map(({ cluster }) => cluster.server),
      ['https://work', 'https://two'],
    );
    assert.equal(config.contexts.length, 2);
  });

  it('loses the cluster again, and the choice of it', () => {
    const text = withEntries(withEntries(OTHER, NAME, entries('x')), NAME, undefined);
    assert.deepEqual(read(text), { ...read(OTHER), 'current-context': '' });
    assert.equal(read(withEntries(OTHER, NAME, undefined))['current-context'], 'work');
  });

  it('may be absent, empty, or have no lists, or empty ones', () => {
    for (const text of [
      '',
      '\n',
      'kind: Config\n',
      'clusters: []\nusers: null\n',
      '{"users": []}',
    ]) {
      const config = read(withEntries(text, NAME, entries('https://one')));
      assert.deepEqual(names(config.clusters), [NAME], text);
      assert.equal(config['current-context'], NAME);
      assert.doesNotThrow(() => withEntries(text, NAME, undefined));
    }
  });

  it('is refused when it is none', () => {
    for (const text of ['clusters: [', 'a: b: c', '- a\n', 'text', 'users: {a: b}\n'])
      assert.throws(() => withEntries(text, NAME, entries('x'), 'f'), /\bf\b.* was not changed/);
  });
});
