// Comments: files that they name exist, lines are short, sentences start with their subject.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { sourceOf, type Comment } from './comments.js';
import { files, isGenerated, read } from './tree.js';

const sources = files(
  /^(pkg|cmd|packages|hack|test|examples)\/.*\.(tsx?|[cm]js|c|h|proto)$|^(hack\/([a-z]+\/)?|\.ci\/)[a-z-]+$|^manifests\/.*\.yaml$/,
).filter((f) => !isGenerated(f));

const MAX_COLUMNS = 100;

/** Our kinds of source file; other paths are the kernel's, upstream's or examples. */
const FILE_NAME =
  /(?<![\w/.@*<-])(?:[\w.-]+\/)*[\w-][\w.-]*\.(?:tsx?|[cm]js|md|html)\b(?![\w/(-])/g;
const FOLDER_NAME = /(?<![\w/.-])(?:pkg|cmd|hack|test|manifests|examples)\/[\w./-]*\w/g;

function missingFiles(file: string, { text, line }: Comment): string[] {
  const words = text.replace(/https?:\S+|\bgithub\.com\S+/g, '');
  const named = [...words.matchAll(FILE_NAME)].map(([name]) => name);
  // Folders of upstream are named with the word or with the module; its files end with .go.
  const folders = /upstream|k8s\.io|apimachinery/i.test(words)
    ? []
    : [...words.matchAll(FOLDER_NAME)].map(([name]) => name).filter((name) => !/\.\w+$/.test(name));
  return [...named, ...folders]
    .filter((name) => !/\.d\.ts$|^(dist|build)\/|(^|\/)NAME\b/.test(name) && !exists(file, name))
    .map((name) => `${file}:${line}: ${name}`);
}

const tree = files(/./);
/**
 * The files and folders, and the tails of their paths: a comment may leave out the first folders.
 */
const tails = new Set(
  tree.flatMap((file) => {
    const parts = file.split('/');
    return parts.flatMap((_, end) =>
      parts.slice(0, end + 1).map((__, from) => parts.slice(from, end + 1).join('/')),
    );
  }),
);

function exists(file: string, name: string): boolean {
  return tails.has(posix.normalize(name)) || tails.has(posix.join(posix.dirname(file), name));
}

const OPENING =
  /(?:^|[.!?]\)?\s+|\n\s*(?:[-*]\s+)?)((?:Who|Whose|Whoever|What|Whatever|One that|Those that)\b[^.\n]{0,50})/g;

/** Sentences that begin with a pronoun instead of a noun. */
function riddles({ text }: Comment): string[] {
  return [...text.replace(/\n(?!\s*[-*\n])/g, ' ').matchAll(OPENING)].map((m) => m[1]!);
}

/** Lines of comments that are too long; lines with a URL may be longer. */
function longLines(file: string): string[] {
  const isComment = /^\s*(?:\/\/|\/?\*|#)|\s\/\/ /;
  return read(file)
    .split('\n')
    .flatMap((text, i) =>
      text.length > MAX_COLUMNS && isComment.test(text) && !/https?:\/\//.test(text)
        ? [`${file}:${i + 1}: ${text.length} columns`]
        : [],
    );
}

describe('comments', () => {
  it('are found', () => {
    const { comments, code } = sourceOf('test/repo/comments.ts');
    assert.equal(comments[0]?.text.split(' ')[0], 'Separates');
    assert.doesNotMatch(code, /Separates the comments/);
    assert.match(code, /const REGEX_MAY_FOLLOW/);
  });

  it('name files that exist', () => {
    const missing = sources.flatMap((file) =>
      sourceOf(file).comments.flatMap((comment) => missingFiles(file, comment)),
    );
    assert.deepEqual(missing, []);
    const comment = { line: 1, text: 'See runtime/no-such-file.ts, pkg/nothing and comments.ts.' };
    assert.deepEqual(missingFiles('test/repo/a.ts', comment), [
      'test/repo/a.ts:1: runtime/no-such-file.ts',
      'test/repo/a.ts:1: pkg/nothing',
    ]);
  });

  it(`fit into ${MAX_COLUMNS} columns`, () => {
    assert.deepEqual(sources.flatMap(longLines), []);
  });

  it('open each sentence with its subject', () => {
    const found = sources.flatMap((file) =>
      sourceOf(file).comments.flatMap((comment) =>
        riddles(comment).map((text) => `${file}:${comment.line}: ${text}`),
      ),
    );
    assert.deepEqual(found, []);
    const text =
      'Peers ask. Whose lease ends is\nasked again. What is left goes.\nSomeone who asks';
    assert.equal(riddles({ line: 1, text }).length, 2);
  });

  it('switch no other linter off', () => {
    // In pieces, so that this file does not find itself.
    const marks = new RegExp(
      [
        'eslint-' + 'disable',
        'biome-' + 'ignore',
        'prettier-' + 'ignore',
        'ts' + 'lint:',
        '@ts-' + 'ignore',
      ].join('|'),
    );
    assert.deepEqual(
      sources.filter((f) => marks.test(read(f))),
      [],
    );
  });
});
