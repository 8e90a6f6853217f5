// hack/simulate: runs seeds one after another and prints their results. Exits with 1 when a seed
// failed.
import { simulate } from './simulate.js';

async function main(): Promise<void> {
  const { SIM_SEED, SIM_ROUNDS, SIM_SECONDS, SIM_TRACE } = process.env;
  const seeds = SIM_SEED ? 1 : Number(process.argv[2] ?? 10);
  const first = SIM_SEED
    ? Number(SIM_SEED)
    : Number(process.argv[3] ?? Math.floor(Math.random() * 1e6));
  for (let seed = first; seed < first + seeds; seed++) {
    const began = performance.now();
    const result = await simulate({
      seed,
      ...(SIM_ROUNDS ? { rounds: Number(SIM_ROUNDS) } : {}),
      ...(SIM_SECONDS ? { chaosSeconds: Number(SIM_SECONDS) } : {}),
      ...(SIM_TRACE ? { echo: (line: string) => process.stdout.write(`${line}\n`) } : {}),
    });
    if (result.report) {
      process.stdout.write(`${result.report}\n`);
      process.exitCode = 1;
      return;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `seed ${seed}: ${result.virtualSeconds} virtual seconds in ${seconds} s, ${result.lines} steps, ${result.hash.slice(0, 16)}\n`,
    );
  }
}

await main();
