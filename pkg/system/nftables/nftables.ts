// nftables through the `nft` tool: one process is one transaction, all or nothing.
// Callers render text; nothing here knows what the rules mean.
import { exec, ExecError, tryExec } from '../exec.js';

export class NftError extends Error {
  override name = 'NftError';
}

export interface Nft {
  /** Applies a whole script as one transaction. */
  apply(script: string): Promise<void>;
  /** Parses and checks a script against the kernel without applying it. */
  check(script: string): Promise<void>;
  /** The objects of `nft -j list table`; undefined when there is no such table. */
  listTable(family: string, table: string, options?: { terse?: boolean }): Promise<readonly Record<string, unknown>[] | undefined>;
  /** Deletes a table when it exists. */
  deleteTable(family: string, table: string): Promise<void>;
}

export interface NftOptions {
  /** A network namespace by path; default the caller's own. */
  netns?: string;
}

/** Needs CAP_NET_ADMIN and `nft` on PATH. */
export function openNft(options: NftOptions = {}): Nft {
  const prefix = options.netns ? ['nsenter', `--net=${options.netns}`] : [];
  const run = async (args: readonly string[], input: string): Promise<string> => {
    try {
      return await exec([...prefix, 'nft', ...args], { input });
    } catch (error) {
      if (error instanceof ExecError) throw new NftError(error.result.stderr.trim().slice(0, 2000) || error.message);
      throw error;
    }
  };
  return {
    apply: async (script) => void (await run(['-f', '-'], script)),
    check: async (script) => void (await run(['-c', '-f', '-'], script)),
    async listTable(family, table, listOptions = {}) {
      const result = await tryExec([...prefix, 'nft', ...(listOptions.terse ? ['-t'] : []), '-j', 'list', 'table', family, table]);
      if (result.code !== 0) {
        if (/No such file or directory/.test(result.stderr)) return undefined;
        throw new NftError(result.stderr.trim());
      }
      return (JSON.parse(result.stdout) as { nftables: Record<string, unknown>[] }).nftables;
    },
    // Declaring first makes the deletion succeed when the table is not there.
    deleteTable: async (family, table) => void (await run(['-f', '-'], `table ${family} ${table}\ndelete table ${family} ${table}\n`)),
  };
}
