import assert from 'node:assert/strict';
import { cronError } from './cron-syntax.js';

describe('cron syntax', () => {
  for (const text of [
    '*/5 * * * *',
    '0 0 1 JAN-mar ?',
    '1,2,3-5/2 0/3 * * sun',
    '@hourly',
    '@every 1h30m',
    'TZ=UTC 0 0 * * *',
    '59 23 31 12 6',
  ])
    it(`accepts '${text}'`, () => assert.equal(cronError(text), undefined));

  for (const [text, error] of Object.entries({
    '* * * *': 'expected exactly 5 fields, found 4: [* * * *]',
    '* * * * 7': 'end of range (7) above maximum (6): 7',
    '60 * * * *': 'end of range (60) above maximum (59): 60',
    '* * 0 * *': 'beginning of range (0) below minimum (1): 0',
    '5-3 * * * *': 'beginning of range (5) beyond end of range (3): 5-3',
    '*/0 * * * *': 'step of range should be a positive number: */0',
    '1-2-3 * * * *': 'too many hyphens: 1-2-3',
    '1/2/3 * * * *': 'too many slashes: 1/2/3',
    'x * * * *': 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
    '-1 * * * *': 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax',
    '@often': 'unrecognized descriptor: @often',
    '@every x': 'failed to parse duration @every x: time: invalid duration "x"',
  }))
    it(`refuses '${text}'`, () => assert.equal(cronError(text), error));
});
