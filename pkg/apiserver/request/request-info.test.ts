import assert from 'node:assert/strict';
import { parseRequestInfo } from './request-info.js';

/** method, target -> verb group version namespace resource subresource name rest */
const CASES: [string, string, string][] = [
  ['GET', '/api/v1/pods', 'list||v1||pods|||'],
  ['GET', '/api/v1/namespaces/a/pods', 'list||v1|a|pods|||'],
  ['GET', '/api/v1/namespaces/a/pods?watch=true', 'watch||v1|a|pods|||'],
  ['GET', '/api/v1/namespaces/a/pods?watch=0', 'list||v1|a|pods|||'],
  ['GET', '/api/v1/namespaces/a/pods/p', 'get||v1|a|pods||p|'],
  ['GET', '/api/v1/namespaces/a/pods/p?watch=1', 'watch||v1|a|pods||p|'],
  ['GET', '/api/v1/namespaces', 'list||v1||namespaces|||'],
  ['GET', '/api/v1/namespaces/a', 'get||v1|a|namespaces||a|'],
  ['PUT', '/api/v1/namespaces/a/finalize', 'update||v1|a|namespaces|finalize|a|'],
  ['PATCH', '/api/v1/namespaces/a/status', 'patch||v1|a|namespaces|status|a|'],
  ['POST', '/apis/apps/v1/namespaces/a/deployments', 'create|apps|v1|a|deployments|||'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments', 'deletecollection|apps|v1|a|deployments|||'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments/d', 'delete|apps|v1|a|deployments||d|'],
  ['GET', '/api/v1/watch/namespaces/a/pods/p', 'watch||v1|a|pods||p|'],
  ['GET', '/api/v1/watch/pods', 'watch||v1||pods|||'],
  ['GET', '/api/v1/proxy/namespaces/a/services/s/x/y', 'get||v1|a|services|proxy|s|/x/y'],
  ['GET', '/api/v1/namespaces/a/pods/p/proxy/x%2fy/', 'get||v1|a|pods|proxy|p|/x%2fy/'],
  ['GET', '/api/v1/namespaces/a/pods/p/proxy/', 'get||v1|a|pods|proxy|p|/'],
  ['GET', '/api/v1/namespaces/a/pods/p/log?follow=1', 'get||v1|a|pods|log|p|'],
  ['GET', '/api/v1/nodes/n/status', 'get||v1||nodes|status|n|'],
];

describe('request info', () => {
  for (const [method, target, expected] of CASES) {
    it(`${method} ${target}`, () => {
      const [path, query] = target.split('?');
      const info = parseRequestInfo(
        method,
        path!,
        query === undefined ? undefined : new URLSearchParams(query),
      );
      const { verb, group, version, namespace, resource, subresource, name, rest } = info;
      assert.equal(
        [verb, group, version, namespace, resource, subresource, name, rest].join('|'),
        expected,
      );
      assert.ok(info.isResource);
    });
  }

  it('takes paths outside of /api and /apis as they are', () => {
    for (const path of [
      '/',
      '/healthz',
      '/api',
      '/api/',
      '/api/v1',
      '/api/v1/',
      '/apis/apps',
      '/apis/apps/v1',
      '/version',
      '/api/v1/watch',
    ]) {
      assert.equal(parseRequestInfo('GET', path, undefined).isResource, false, path);
    }
  });
});
