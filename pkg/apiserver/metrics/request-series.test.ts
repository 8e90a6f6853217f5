import assert from 'node:assert/strict';
import { RequestSeries } from './request-series.js';
import type { Route } from './server-metrics.js';

const route: Route = {
  verb: 'GET',
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  subresource: '',
  scope: 'resource',
  component: 'apiserver',
};

describe('request series', () => {
  it('are written for Prometheus: counts by code, cumulative buckets', () => {
    const series = new RequestSeries();
    for (const seconds of [0.001, 0.005, 0.006, 0.3, 100])
      series.record(route, false, 200, seconds);
    series.record(route, false, 404, 0.001);
    series.record(route, true, 200, undefined);
    const lines = series.render().trimEnd().split('\n');
    const labels =
      'verb="GET",group="apps",version="v1",resource="deployments",subresource="",scope="resource",component="apiserver"';
    const value = (name: string) =>
      lines
        .filter((line) => line.startsWith(`${name} `))
        .map((line) => line.slice(name.length + 1));
    assert.deepEqual(value(`apiserver_request_total{${labels},dry_run="",code="200"}`), ['5']);
    assert.deepEqual(value(`apiserver_request_total{${labels},dry_run="",code="404"}`), ['1']);
    assert.deepEqual(value(`apiserver_request_total{${labels},dry_run="All",code="200"}`), ['1']);
    const bucket = (le: string) =>
      value(`apiserver_request_duration_seconds_bucket{${labels},dry_run="",le="${le}"}`).map(
        Number,
      )[0];
    assert.deepEqual(
      ['0.005', '0.025', '0.2', '0.4', '60', '+Inf'].map(bucket),
      [3, 4, 4, 5, 5, 6],
    );
    assert.deepEqual(value(`apiserver_request_duration_seconds_count{${labels},dry_run=""}`), [
      '6',
    ]);
    assert.ok(
      Math.abs(
        Number(value(`apiserver_request_duration_seconds_sum{${labels},dry_run=""}`)[0]) - 100.313,
      ) < 1e-9,
    );
    assert.equal(lines.filter((line) => line.includes('dry_run="All"')).length, 1);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('# TYPE')),
      [
        '# TYPE apiserver_request_total counter',
        '# TYPE apiserver_request_duration_seconds histogram',
      ],
    );
  });
});
