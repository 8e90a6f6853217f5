// An edit script between two lists, by the greedy search of go-cmp (internal/diff, Difference). The
// script is not minimal; texts that show it must agree with upstream's, so the search is the same.

/** '.' equal, 'X' only in the first list, 'Y' only in the second, 'M' similar. */
export type Edit = '.' | 'X' | 'Y' | 'M';

/** Counts of equal and different leaves of two elements. */
export interface Likeness {
  same: number;
  different: number;
}

type Compare = (x: number, y: number) => Likeness;

interface Path {
  direction: 1 | -1;
  x: number;
  y: number;
  edits: Edit[];
}

const isEqual = (likeness: Likeness): boolean => likeness.different === 0;
const isSimilar = ({ same, different }: Likeness): boolean => same + 1 >= different;
/** 0 -1 +1 -2 +2 ... */
const zigzag = (index: number): number => (index % 2 ? -(index + 1) / 2 : index / 2);

function append(path: Path, edit: Edit): void {
  path.edits.push(edit);
  if (edit !== 'Y') path.x += path.direction;
  if (edit !== 'X') path.y += path.direction;
}

/** Walks from the path's end to a point, and notes similar elements on the way. */
function connect(path: Path, x: number, y: number, compare: Compare): void {
  const forward = path.direction > 0;
  const left = (): [number, number] =>
    forward ? [x - path.x, y - path.y] : [path.x - x, path.y - y];
  for (let [dx, dy] = left(); dx > 0 && dy > 0; [dx, dy] = left()) {
    const likeness = forward ? compare(path.x, path.y) : compare(path.x - 1, path.y - 1);
    const [wide, first, second]: [boolean, Edit, Edit] = forward
      ? [dx >= dy, 'X', 'Y']
      : [dy >= dx, 'Y', 'X'];
    if (isEqual(likeness)) append(path, '.');
    else if (isSimilar(likeness)) append(path, 'M');
    else append(path, wide ? first : second);
  }
  for (let [dx] = left(); dx > 0; [dx] = left()) append(path, 'X');
  for (let [, dy] = left(); dy > 0; [, dy] = left()) append(path, 'Y');
}

export function editScript(lengthX: number, lengthY: number, compare: Compare): Edit[] {
  const ahead: Path = { direction: 1, x: 0, y: 0, edits: [] };
  const back: Path = { direction: -1, x: lengthX, y: lengthY, edits: [] };
  const front = { x: 0, y: 0 };
  const rear = { x: lengthX, y: lengthY };
  // The budget keeps the work linear in the lengths.
  let budget = 4 * (lengthX + lengthY);

  /** Looks along the diagonal through the frontier; a match moves the path and the frontier. */
  const search = (path: Path, frontier: { x: number; y: number }): void => {
    const forward = path === ahead;
    let [top, bottom] = [false, false];
    for (let index = 0; !(top && bottom) && budget > 0; index++) {
      const z = forward ? zigzag(index) : -zigzag(index);
      const [x, y] = [frontier.x + z, frontier.y - z];
      if (forward ? x >= back.x || y < ahead.y : ahead.x >= x || back.y < y) {
        if (forward) top = true;
        else bottom = true;
      } else if (forward ? y >= back.y || x < ahead.x : ahead.y >= y || back.x < x) {
        if (forward) bottom = true;
        else top = true;
      } else if (isEqual(forward ? compare(x, y) : compare(x - 1, y - 1))) {
        connect(path, x, y, compare);
        append(path, '.');
        while (ahead.x < back.x && ahead.y < back.y) {
          const next = forward ? compare(path.x, path.y) : compare(path.x - 1, path.y - 1);
          if (!isEqual(next)) break;
          append(path, '.');
        }
        [frontier.x, frontier.y] = [path.x, path.y];
        return;
      } else budget--;
    }
  };

  for (;;) {
    if (front.x >= rear.x || front.y >= rear.y || budget === 0) break;
    search(ahead, front);
    if (back.x - front.x >= back.y - front.y) front.x++;
    else front.y++;
    if (front.x >= rear.x || front.y >= rear.y || budget === 0) break;
    search(back, rear);
    if (rear.x - ahead.x >= rear.y - ahead.y) rear.x--;
    else rear.y--;
  }
  connect(ahead, back.x, back.y, compare);
  return [...ahead.edits, ...back.edits.toReversed()];
}
