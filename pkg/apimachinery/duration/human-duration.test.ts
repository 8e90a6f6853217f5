import { strictEqual } from 'node:assert/strict';
import { ageSince, humanDuration } from './human-duration.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('humanDuration', () => {
  const cases: [milliseconds: number, text: string][] = [
    [-3 * SECOND, '<invalid>'],
    [-1 * SECOND, '0s'],
    [0, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [3 * MINUTE + 20 * SECOND, '3m20s'],
    [10 * MINUTE + 5 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [8 * HOUR + 1 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [7 * DAY + 23 * HOUR, '7d23h'],
    [8 * DAY + 23 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [730 * DAY, '2y'],
    [740 * DAY, '2y10d'],
    [3000 * DAY, '8y'],
  ];
  for (const [milliseconds, text] of cases) {
    it(`shows ${milliseconds / SECOND} s as ${text}`, () =>
      strictEqual(humanDuration(milliseconds), text));
  }

  it('shows <unknown> without a time', () => {
    strictEqual(ageSince(undefined, 0), '<unknown>');
    strictEqual(ageSince('nonsense', 0), '<unknown>');
    strictEqual(ageSince('2025-01-01T00:00:00Z', Date.parse('2025-01-01T00:00:05Z')), '5s');
  });
});
