// mocha's spec reporter, which also writes its counts to the file COUNTS_FILE. A skipped test is
// written with its reason, which test/support/skip.ts left at the test or at a suite around it.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

function lackOf(test) {
  for (let at = test; at; at = at.parent) if (at.lack) return at.lack;
  return undefined;
}

module.exports = class CountReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const skipped = [];
    runner.on('fail', (test) => failed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), lack: lackOf(test) }));
    runner.once('end', () => {
      const { passes } = this.stats;
      writeFileSync(process.env.COUNTS_FILE, JSON.stringify({ passes, failed, skipped }));
    });
  }
};
