// mocha's spec reporter, which also writes its counts to the file COUNTS_FILE. A skipped test is
// written with its reason, which test/support/skip.ts left at the test or at a suite around it; a
// failed test is written with the first lines of its error.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Lines of a failure's message in the report. */
const MESSAGE_LINES = 12;
const LINE_LENGTH = 300;

function lackOf(test) {
  for (let at = test; at; at = at.parent) if (at.lack) return at.lack;
  return undefined;
}

module.exports = class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const skipped = [];
    runner.on('fail', (test, error) => {
      const lines = String(error?.stack ?? error)
        .split('\n')
        .slice(0, MESSAGE_LINES);
      const said = lines.map((line) => `\n  | ${line.slice(0, LINE_LENGTH)}`);
      failed.push(`${test.fullTitle()}${said.join('')}`);
    });
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), lack: lackOf(test) }));
    runner.once('end', () => {
      const { passes } = this.stats;
      writeFileSync(process.env.COUNTS_FILE, JSON.stringify({ passes, failed, skipped }));
    });
  }
};
