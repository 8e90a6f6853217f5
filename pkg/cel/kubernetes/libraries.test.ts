// The libraries of Kubernetes, with answers and texts of kube-apiserver 1.32.
import { deepEqual, strictEqual } from 'node:assert/strict';
import { createProgram } from '../program/program.js';
import { Double, EvalError, type Value } from '../values/value.js';
import { AUTHORIZER_TYPE, authorizerValue, type AuthorizationCheck } from './authorizer.js';
import { checkKubernetes, kubernetesEnvironment } from './environment.js';

const run = (text: string): Value =>
  createProgram(checkKubernetes(text, kubernetesEnvironment({}))).evaluate({}).value;

const URL_TEXT = 'url("https://example.com:8080/a%20b?k=v&k=w")';

const answers: [expr: string, value: Value][] = [
  ['"abc 123 def 45".find("[0-9]+")', '123'],
  ['"abc".find("[0-9]+")', ''],
  ['"a1b22c333".findAll("[0-9]+")', ['1', '22', '333']],
  ['"a1b22c333".findAll("[0-9]+", 2)', ['1', '22']],
  ['isURL("https://example.com:8080/path")', true],
  ['isURL("/path/only")', true],
  ['isURL("../relative")', false],
  ['isURL("x y")', false],
  [`${URL_TEXT}.getScheme()`, 'https'],
  [`${URL_TEXT}.getHost()`, 'example.com:8080'],
  [`${URL_TEXT}.getHostname()`, 'example.com'],
  [`${URL_TEXT}.getPort()`, '8080'],
  [`${URL_TEXT}.getEscapedPath()`, '/a%20b'],
  [`${URL_TEXT}.getQuery() == {"k": ["v", "w"]}`, true],
  ['url("http://[::1]:80/").getHostname()', '::1'],
  ['url("https://a/b") == url("https://a/b")', true],
  ['isQuantity("1.5Gi")', true],
  ['isQuantity("x")', false],
  ['quantity("2k").isInteger()', true],
  ['quantity("2k").asInteger()', 2000],
  ['quantity("0.5k").isInteger()', true],
  ['quantity("1.0").isInteger()', false],
  ['quantity("1500m").isInteger()', false],
  ['quantity("2k").asApproximateFloat()', new Double(2000)],
  ['sign(quantity("-1"))', -1],
  ['quantity("1Mi").compareTo(quantity("1M"))', 1],
  ['quantity("2k").add(quantity("1k")) == quantity("3k")', true],
  ['quantity("2k").sub(500).add(1).isInteger()', true],
  ['isIP("10.0.0.1") && !isIP("10.0.0.256") && !isIP("010.0.0.1") && !isIP("::1%eth0")', true],
  ['ip("10.0.0.1").family()', 4],
  ['ip("2001:DB8::1").family()', 6],
  ['ip.isCanonical("2001:db8::1") && !ip.isCanonical("2001:DB8::1")', true],
  ['ip("127.0.0.1").isLoopback() && ip("::1").isLoopback()', true],
  ['ip("169.254.1.1").isLinkLocalUnicast() && !ip("10.0.0.1").isLinkLocalUnicast()', true],
  ['ip("224.0.0.1").isLinkLocalMulticast()', true],
  ['ip("8.8.8.8").isGlobalUnicast() && !ip("255.255.255.255").isGlobalUnicast()', true],
  ['string(ip("2001:DB8::1"))', '2001:db8::1'],
  ['isCIDR("10.0.0.0/8") && !isCIDR("10.0.0.0/33") && !isCIDR("10.0.0.0")', true],
  ['cidr("10.0.0.0/8").containsIP("10.1.2.3")', true],
  ['cidr("10.0.0.0/8").containsIP(ip("11.0.0.1"))', false],
  ['cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")', true],
  ['cidr("10.0.0.0/8").containsCIDR(cidr("0.0.0.0/0"))', false],
  ['cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")', true],
  ['cidr("10.1.2.3/8").prefixLength()', 8],
  ['string(cidr("10.1.2.3/8").ip())', '10.1.2.3'],
  ['format.dns1123Label().validate("my-name").hasValue()', false],
  ['format.dns1123Label().validate("My").value()[0].substring(0, 5)', 'a low'],
  ['format.dns1035LabelPrefix().validate("a-").hasValue()', false],
  ['format.uri().validate("../../my-path").value()[0].startsWith("parse")', true],
  ['format.uuid().validate("123e4567-e89b-12d3-a456-426614174000").hasValue()', false],
  ['format.byte().validate("a").value()', ['invalid base64']],
  ['format.date().validate("2021-13-01").value()', ['invalid date']],
  ['format.datetime().validate("2021-01-01T00:00:00Z").hasValue()', false],
  ['format.named("nope").hasValue()', false],
  ['format.named("labelValue").value().validate("ok").hasValue()', false],
  ['[3, 1, 2].min() + [3, 1, 2].max() + [3, 1, 2].sum()', 10],
  ['["a", "b"].isSorted() && ![2, 1].isSorted() && [1.5, 2.5].isSorted()', true],
  ['[1, 2, 1].indexOf(1) + [1, 2, 1].lastIndexOf(1)', 2],
  ['["1.5", "2"].map(x, double(x)).sum()', new Double(3.5)],
  ['sets.equivalent([1, 2], [2, 1, 1])', true],
  ['[1.0, 2.0].sum() == 3.0', true],
  ['has(dyn(null).a) || has(dyn(1).a) || has(dyn("text").a)', false],
  ['dyn(null).?a.orValue("none") + dyn(1)[?"a"].orValue("none")', 'nonenone'],
];

const errors: [expr: string, message: string][] = [
  [
    'url("x y")',
    'URL parse error during conversion from string: parse "x y": invalid URI for request',
  ],
  ['url("")', 'URL parse error during conversion from string: parse "": empty url'],
  ['quantity("1.5").asInteger()', 'cannot convert value to integer'],
  [
    'quantity("")',
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  ['ip("::1%eth0")', 'IP address "::1%eth0" with zone value is not allowed'],
  ['ip("::ffff:1.2.3.4")', 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
  ['[].map(x, int(x)).min()', 'min called on empty list'],
  ['"".charAt(1)', 'index out of range: 1'],
  ['"".lastIndexOf("a")', 'index out of range: -1'],
  ['optional.none().value()', 'optional.none() dereference'],
  ['[1][1]', 'index out of bounds: 1'],
  ['{"a": 1}["b"]', 'no such key: b'],
  ['dyn(1).validate("x")', 'no such overload'],
  ['dyn(null).a', 'no such key: a'],
  ['dyn(1).a.b', 'no such key: a'],
  ['dyn("text")["a"]', 'no such key: a'],
  ['dyn([1]).a', 'no such overload'],
  ['has(dyn([1]).a)', 'no such overload'],
  [
    'cidr("x")',
    'network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("x"): no \'/\'',
  ],
  ['1 / (1 - 1)', 'division by zero'],
  ['1 % (1 - 1)', 'modulus by zero'],
  ['9223372036854775807 + 1', 'integer overflow'],
];

const refused: [expr: string, message: string][] = [
  ['"a".matches("(")', '1:13: invalid matches argument'],
  ['timestamp("x") > timestamp("2020-01-01T00:00:00Z")', '1:11: invalid timestamp argument'],
  ['duration("1") == duration("1s")', '1:10: invalid duration argument'],
  ['"%d %d".format([1]) != ""', '1:15: index 1 out of range'],
  [
    '"%q".format([1]) != ""',
    '1:12: could not parse formatting clause: unrecognized formatting clause "q"',
  ],
  ['"%d".format([1, 2])', '1:12: too many arguments supplied to string.format (expected 1, got 2)'],
  [
    'quantity("1").sign() == 1',
    "1:19: found no matching overload for 'sign' applied to 'kubernetes.Quantity.()'",
  ],
  ['[1, "a"].size() == 2', "1:5: expected type 'int' but found 'string'"],
  ['{"a": 1, "b": "c"}.size() == 2', "1:15: expected type 'int' but found 'string'"],
  ['isSemver("1.2.3")', "1:9: undeclared reference to 'isSemver' (in container '')"],
  ['[1].all(i, v, v > i)', "1:8: undeclared reference to 'all' (in container '')"],
  ['"abc".reverse() == "cba"', "1:14: undeclared reference to 'reverse' (in container '')"],
  [
    '-duration("1s") < duration("0s")',
    "1:1: found no matching overload for '-_' applied to '(duration)'",
  ],
  ['regex.replace("a", "b", "c") == ""', "1:1: undeclared reference to 'regex' (in container '')"],
  ['1.size() == 1', "1:7: found no matching overload for 'size' applied to 'int.()'"],
];

describe('CEL of Kubernetes', () => {
  for (const [expr, value] of answers) it(`answers ${expr}`, () => deepEqual(run(expr), value));

  for (const [expr, message] of errors)
    it(`fails on ${expr}`, () => {
      const value = run(expr);
      strictEqual(value instanceof EvalError ? value.message : value, message);
    });

  for (const [expr, message] of refused)
    it(`refuses ${expr}`, () => {
      let text = 'nothing';
      try {
        checkKubernetes(expr, kubernetesEnvironment({}));
      } catch (error) {
        text = (error as Error).message.split('\n')[0]!;
      }
      strictEqual(text, `ERROR: <input>:${message}`);
    });

  it('runs stored expressions with macros of two variables', () => {
    const environment = kubernetesEnvironment({}, { isStored: true });
    const program = createProgram(checkKubernetes('[5, 6].all(i, v, v == i + 5)', environment));
    strictEqual(program.evaluate({}).value, true);
  });

  it('asks the host for authorization', () => {
    const asked: AuthorizationCheck[] = [];
    const authorizer = authorizerValue((check) => {
      asked.push(check);
      return { allowed: check.verb === 'get', reason: 'because' };
    });
    const environment = kubernetesEnvironment({ authorizer: AUTHORIZER_TYPE });
    const ask = (text: string): Value =>
      createProgram(checkKubernetes(text, environment)).evaluate({ authorizer }).value;
    strictEqual(
      ask(
        'authorizer.serviceAccount("ns", "sa").group("apps").resource("deployments").subresource("scale").namespace("n").name("x").check("get").allowed()',
      ),
      true,
    );
    strictEqual(ask('authorizer.path("/healthz").check("post").reason()'), 'because');
    strictEqual((ask('authorizer.path(" ")') as EvalError).message, 'path must not be empty');
    deepEqual(
      asked.map(({ serviceAccount, path, group, resource, subresource, namespace, name, verb }) => [
        serviceAccount?.name,
        path,
        [group, resource, subresource, namespace, name].join('/'),
        verb,
      ]),
      [
        ['sa', undefined, 'apps/deployments/scale/n/x', 'get'],
        [undefined, '/healthz', '////', 'post'],
      ],
    );
  });
});
