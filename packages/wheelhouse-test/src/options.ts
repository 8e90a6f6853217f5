// Checks the options of the public functions. Nothing is ignored: a name or a value that means
// nothing is an error that lists what would.
import {
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../../pkg/apimachinery/validation/names.js';

interface Rule {
  expected: string;
  holds: (value: unknown) => boolean;
}

type Rules = Readonly<Record<string, Rule>>;

const MAX_NODES = 1000;

const rule = (expected: string, holds: Rule['holds']): Rule => ({ expected, holds });
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, holds: Rule['holds']): boolean =>
  Array.isArray(value) && value.every(holds);
const isWithin = (value: unknown, low: number, high: number): boolean =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
const whole = (low: number, high: number): Rule =>
  rule(`a whole number from ${low} to ${high}`, (value) => isWithin(value, low, high));
const names = rule('a list of names', (value) => isListOf(value, isText));

const LEVELS = ['debug', 'info', 'warn', 'error'];

const API_SERVER: Rules = {
  port: whole(0, 65_535),
  storage: rule(
    "'memory' or { etcd: ['http://127.0.0.1:2379'] }",
    (value) =>
      value === 'memory' ||
      (isObject(value) &&
        Object.keys(value).join() === 'etcd' &&
        isListOf(value['etcd'], isText) &&
        (value['etcd'] as unknown[]).length > 0),
  ),
  crds: rule('a list of CustomResourceDefinitions, or of paths of their files', (value) =>
    isListOf(value, (one) => isText(one) || isObject(one)),
  ),
  disableAdmission: names,
  logLevel: rule(`one of ${LEVELS.join(', ')}`, (value) => LEVELS.includes(value as string)),
};

const NODE: Rules = {
  name: rule(
    'a DNS name in lower case',
    (value) => isText(value) && !isDns1123Subdomain(value).length,
  ),
  labels: rule(
    'an object of labels',
    (value) =>
      isObject(value) &&
      Object.entries(value).every(
        ([key, one]) =>
          typeof one === 'string' && ![...isQualifiedName(key), ...isValidLabelValue(one)].length,
      ),
  ),
  cpus: whole(1, 1024),
  memoryBytes: whole(1, Number.MAX_SAFE_INTEGER),
  maxPods: whole(0, 100_000),
};

const CLUSTER: Rules = {
  ...API_SERVER,
  nodes: rule(
    `a whole number from 0 to ${MAX_NODES}, or a list of as many nodes`,
    (value) =>
      isWithin(value, 0, MAX_NODES) ||
      (Array.isArray(value) && value.length <= MAX_NODES && value.every(isObject)),
  ),
  controllers: rule(
    "true, false, or a list as of --controllers: ['*', '-job-controller']",
    (value) => typeof value === 'boolean' || names.holds(value),
  ),
};

function check(where: string, rules: Rules, options: unknown): void {
  if (!isObject(options)) throw new TypeError(`${where}: the options must be an object`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name))
      throw new TypeError(
        `${where}: unknown option "${name}"; there are ${Object.keys(rules).join(', ')}`,
      );
    const { expected, holds } = rules[name]!;
    if (value !== undefined && !holds(value))
      throw new TypeError(`${where}: ${name} must be ${expected}, not ${textOf(value)}`);
  }
}

const textOf = (value: unknown): string =>
  (JSON.stringify(value) ?? String(value)).replace(/^(.{80}).+$/s, '$1...');

export const nodeName = ({ name }: { name?: string }, at: number): string => name ?? `node-${at}`;

/** Throws TypeError for the first option that is unknown or has a wrong value. */
export function checkOptions(call: 'startApiServer' | 'startCluster', options: unknown): void {
  if (call === 'startApiServer') return check(call, API_SERVER, options);
  check(call, CLUSTER, options);
  const { nodes } = options as { nodes?: unknown };
  if (!Array.isArray(nodes)) return;
  const taken = new Set<string>();
  nodes.forEach((node: { name?: string }, at) => {
    check(`${call}: nodes[${at}]`, NODE, node);
    const name = nodeName(node, at);
    if (taken.has(name)) throw new TypeError(`${call}: two nodes have the name "${name}"`);
    taken.add(name);
  });
}
