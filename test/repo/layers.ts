// The rules of layers.yaml: what a file may import. test/repo/layers.test.ts checks the code.
import { LAYER_TABLES } from './layers.generated.js';

interface Layer {
  level: number;
  imports: readonly string[];
  pure?: boolean;
  why: string;
}

interface Command {
  imports: readonly string[];
  commands?: readonly string[];
  why: string;
}

type Table<T> = Readonly<Record<string, T>>;

export interface LayerTables {
  layers: Table<Layer>;
  floors: Table<Table<string>>;
  commands: Table<Command>;
}

export const { layers: LAYERS, floors: FLOORS, commands: COMMANDS } = LAYER_TABLES;

/** Folders of pkg that every command may import. */
const COMMAND_BASE = ['util', 'apimachinery', 'apis', 'component-helpers', 'system', 'client'];

/**
 * The API server in process, which hack and the tests beside other commands may import, too.
 */
const TEST_SERVER = 'cmd/kube-apiserver/start.ts';

const ALL_OF_PKG = 'pkg/';
const SUPPORT = 'test/support/';

interface Rule {
  /** Allowed paths: a folder ends with a slash; 'cmd/*' stands for the files directly in cmd. */
  imports: readonly string[];
  why: string;
}

const ofPkg = (folders: readonly string[]): string[] => folders.map((folder) => `pkg/${folder}/`);

function ruleOfCommand(folder: string | undefined): Rule {
  const {
    imports,
    commands = [],
    why,
  } = folder === undefined ? { imports: [], why: 'shared by all commands' } : COMMANDS[folder]!;
  const own = folder === undefined ? [] : [folder, ...commands].map((name) => `cmd/${name}/`);
  return { imports: [...ofPkg([...COMMAND_BASE, ...imports]), 'cmd/*', ...own], why };
}

/** The rule for a file, by its place. Tests beside the code may import more. */
function ruleOf(file: string): Rule {
  const [top, second = '', ...rest] = file.split('/');
  const folder = rest.length > 0 ? second : undefined;
  const isTest = /\.test\.tsx?$/.test(file);
  if (top === 'pkg') {
    if (isTest) return { imports: [ALL_OF_PKG, SUPPORT], why: 'a unit test' };
    const { imports, why } = LAYERS[second]!;
    return { imports: ofPkg([second, ...imports]), why };
  }
  if (top === 'cmd') {
    const rule = ruleOfCommand(folder);
    return isTest
      ? { ...rule, imports: [...rule.imports, ALL_OF_PKG, SUPPORT, TEST_SERVER] }
      : rule;
  }
  if (top === 'packages')
    return {
      imports: [ALL_OF_PKG, 'cmd/', `packages/${second}/`],
      why: 'a package joins what the programs start in processes of their own',
    };
  if (top === 'hack')
    return {
      imports: [ALL_OF_PKG, 'cmd/*', TEST_SERVER, 'hack/', ...(isTest ? [SUPPORT] : [])],
      why: 'tools start the built commands; in their own process they run the API server only',
    };
  return {
    imports: [ALL_OF_PKG, 'cmd/', 'packages/', 'hack/', 'examples/', SUPPORT, `test/${second}/`],
    why: 'what two layers of tests share lies in test/support',
  };
}

/** Why `file` may not import `target`, both paths from the root; undefined when it may. */
export function whyNot(file: string, target: string): string | undefined {
  const { imports, why } = ruleOf(file);
  const isAllowed = imports.some((allowed) =>
    allowed === 'cmd/*'
      ? /^cmd\/[^/]+$/.test(target)
      : allowed === target || (allowed.endsWith('/') && target.startsWith(allowed)),
  );
  return isAllowed
    ? undefined
    : `${file} imports ${target}; it may import ${imports.join(', ')} (${why})`;
}
