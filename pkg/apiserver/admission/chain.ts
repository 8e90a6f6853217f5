// Runs the admission plugins in order: first every `mutate`, then every `validate` (upstream's two
// phases). The program that starts the server chooses the plugins.
import { qualified } from '../../apimachinery/errors/status-error.js';
import type { AdmissionOperation, AdmissionPlugin, AdmissionRequest, Rounds } from './plugin.js';

export class AdmissionChain {
  private readonly chosen = new Map<string, readonly AdmissionPlugin[]>();

  constructor(private readonly plugins: readonly AdmissionPlugin[]) {}

  private for(operation: AdmissionOperation, resource: string): readonly AdmissionPlugin[] {
    const key = `${operation} ${resource}`;
    let plugins = this.chosen.get(key);
    if (!plugins) {
      plugins = this.plugins.filter(
        (plugin) =>
          plugin.operations.includes(operation) &&
          (!plugin.resources || plugin.resources.includes(resource)),
      );
      this.chosen.set(key, plugins);
    }
    return plugins;
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
    await this.round(request);
    if (!rounds.again) return;
    rounds.round = 1;
    await this.round(request);
  }

  private async round(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.for(request.operation, qualified(request.resource.facts))) {
      const pending = plugin.mutate?.(request);
      if (pending) await pending;
    }
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.for(request.operation, qualified(request.resource.facts))) {
      const pending = plugin.validate?.(request);
      if (pending) await pending;
    }
  }
}
