// /healthz, /livez and /readyz: named checks, single or together, with ?verbose and ?exclude
// (upstream server/healthz).
import { errorText } from '../../util/errors/error-text.js';

export type Check = () => void | Promise<void>;

export interface HealthAnswer {
  code: number;
  text: string;
}

export const HEALTH_PATH = /^\/(healthz|livez|readyz)(\/|$)/;

export class Health {
  private readonly live = new Map<string, Check>();
  private readonly ready = new Map<string, Check>();

  /** Adds a check. `readyOnly` leaves the check out of /livez and /healthz. */
  add(name: string, check: Check, readyOnly = false): void {
    this.ready.set(name, check);
    if (!readyOnly) this.live.set(name, check);
  }

  /** The answer for a path below one of the three endpoints; undefined for an unknown check. */
  async answer(path: string, query: URLSearchParams): Promise<HealthAnswer | undefined> {
    const [, endpoint, ...rest] = path.split('/');
    const checks = endpoint === 'readyz' ? this.ready : this.live;
    const name = rest.join('/');
    if (name) {
      const check = checks.get(name);
      if (!check) return undefined;
      const failure = await run(check);
      return failure === undefined
        ? { code: 200, text: 'ok' }
        : { code: 500, text: `internal server error: ${failure}\n` };
    }
    const excluded = new Set(query.getAll('exclude'));
    const lines: string[] = [];
    let failed = false;
    for (const [check, probe] of checks) {
      if (excluded.has(check)) {
        lines.push(`[+]${check} excluded: ok`);
        continue;
      }
      const failure = await run(probe);
      if (failure === undefined) lines.push(`[+]${check} ok`);
      else lines.push(`[-]${check} failed: reason withheld`);
      failed ||= failure !== undefined;
    }
    if (failed) return { code: 500, text: `${lines.join('\n')}\n${endpoint} check failed\n` };
    return {
      code: 200,
      text: query.has('verbose') ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok',
    };
  }
}

async function run(check: Check): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
