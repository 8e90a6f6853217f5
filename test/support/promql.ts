// The metrics of expressions in PromQL, and the rules and panels of manifests/monitoring.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './root.js';

export interface Selector {
  metric: string;
  labels: Readonly<Record<string, string>>;
}

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
/** Lists of labels, which look like metrics. */
const LABEL_LISTS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
/** A name with its labels, or before the arguments of a function. */
const NAME = /(?<![\w.])([a-zA-Z_:][\w:]*)\s*(?:\{((?:[^}"]|"(?:[^"\\]|\\.)*")*)\}|(\())?/g;

/** Grafana's variables stand for labels and ranges only. */
export function selectorsOf(expression: string): Selector[] {
  const bare = expression
    .replace(/\[[^\]]*\]/g, '')
    .replace(LABEL_LISTS, '')
    .replace(/\bgroup_(?:left|right)\b/g, '');
  return [...bare.matchAll(NAME)]
    .filter(([, name, , call]) => !call && !WORDS.has(name!.toLowerCase()))
    .map(([, metric, inside = '']) => {
      const labels = inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g);
      return {
        metric: metric!,
        labels: Object.fromEntries([...labels].map(([, label, value]) => [label!, value!])),
      };
    });
}

export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: Record<'h' | 'w' | 'x' | 'y', number>;
  targets?: { expr: string; refId: string }[];
}

export const MONITORING = join(ROOT, 'manifests/monitoring');
const text = (file: string) => readFileSync(join(MONITORING, file), 'utf8');

export const rules = (): Rule[] =>
  (parse(text('prometheus/rules.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    (group) => group.rules,
  );

export const panels = (): Panel[] =>
  (JSON.parse(text('grafana/cluster.json')) as { panels: Panel[] }).panels;

export const expressions = (): string[] => [
  ...rules().map(({ expr }) => expr),
  ...panels().flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];

export const jobs = (): string[] =>
  (
    parse(text('prometheus/prometheus.yaml')) as { scrape_configs: { job_name: string }[] }
  ).scrape_configs.map(({ job_name }) => job_name);
