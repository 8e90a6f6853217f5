// Runs the admission plugins in order: first every `mutate`, then every `validate` (upstream's two
// phases). The program that starts the server chooses the plugins.
import { qualified } from '../../apimachinery/errors/status-error.js';
import type { Clock } from '../../util/env/env.js';
import { AdmissionSeries, type Observed, type Phase } from './admission-series.js';
import type { AdmissionPlugin, AdmissionRequest, Rounds } from './plugin.js';

/** A plugin that takes part in a kind of request, with its series. */
interface Member {
  readonly plugin: AdmissionPlugin;
  readonly admit: Observed;
  readonly validate: Observed;
}

interface Members {
  readonly list: readonly Member[];
  /** Of the whole phases. */
  readonly admit: Observed;
  readonly validate: Observed;
}

/** The phases by upstream's names, with their functions. */
const STEP = { admit: 'mutate', validate: 'validate' } as const;

export class AdmissionChain {
  private readonly chosen = new Map<string, Members>();
  readonly series = new AdmissionSeries();

  constructor(
    private readonly plugins: readonly AdmissionPlugin[],
    private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  private for({ operation, resource }: AdmissionRequest): Members {
    const name = qualified(resource.facts);
    const key = `${operation} ${name}`;
    const known = this.chosen.get(key);
    if (known) return known;
    const { series } = this;
    const of = (plugin: string) => ({
      admit: series.of(plugin, 'admit', operation),
      validate: series.of(plugin, 'validate', operation),
    });
    const list = this.plugins
      .filter(
        ({ operations, resources }) =>
          operations.includes(operation) && (!resources || resources.includes(name)),
      )
      .map((plugin) => ({ plugin, ...of(plugin.name) }));
    const members = { list, ...of('') };
    this.chosen.set(key, members);
    return members;
  }

  /** Both phases, for requests that store nothing between them. */
  async admit(request: AdmissionRequest): Promise<void> {
    await this.mutate(request);
    await this.validate(request);
  }

  /** Runs a second round when a webhook or a policy changed the object in the first. */
  async mutate(request: AdmissionRequest): Promise<void> {
    const rounds: Rounds = { again: false, round: 0, memory: new Map() };
    request.rounds = rounds;
    await this.run('admit', request);
    if (!rounds.again) return;
    rounds.round = 1;
    await this.run('admit', request);
  }

  async validate(request: AdmissionRequest): Promise<void> {
    await this.run('validate', request);
  }

  private async run(phase: Phase, request: AdmissionRequest): Promise<void> {
    const { clock } = this;
    const members = this.for(request);
    const started = clock.monotonic();
    let before = started;
    let at: Observed | undefined;
    try {
      for (const { plugin, [phase]: observed } of members.list) {
        if (!plugin[STEP[phase]]) continue;
        at = observed;
        const pending = plugin[STEP[phase]]!(request);
        if (pending) await pending;
        const now = clock.monotonic();
        at.accepted.observe((now - before) / 1000);
        before = now;
      }
      members[phase].accepted.observe((before - started) / 1000);
    } catch (error) {
      const now = clock.monotonic();
      at?.rejected.observe((now - before) / 1000);
      members[phase].rejected.observe((now - started) / 1000);
      throw error;
    }
  }
}
