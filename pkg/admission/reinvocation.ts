// Which webhooks or policies the second round of mutating admission asks again (upstream
// plugin/webhook/mutating/reinvocationcontext.go, and the same file of mutating policies).
import { cloneJson, equalJson } from '../apimachinery/meta/clone.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { AdmissionRequest } from '../apiserver/admission/plugin.js';

interface Memory {
  /** Those with IfNeeded that saw no change of another since they were asked. */
  readonly asked: Set<string>;
  readonly toAsk: Set<string>;
  /** The object as the plugin left it. */
  output: ApiObject | undefined;
}

export interface Reinvocation {
  /** Whether this round asks the one with the id. */
  asks(id: string): boolean;
  /** The object was replaced by another one: those asked before are asked again. */
  changed(): void;
  /** Was asked, and wants to see later changes. */
  wasAsked(id: string): void;
  /** The plugin is done with this round. */
  end(): void;
}

/** `plugin` names whose memory is used; call at the start of each round. */
export function reinvocationOf(request: AdmissionRequest, plugin: string): Reinvocation {
  const { rounds } = request;
  let memory = rounds?.memory.get(plugin) as Memory | undefined;
  if (!memory) {
    memory = { asked: new Set(), toAsk: new Set(), output: undefined };
    rounds?.memory.set(plugin, memory);
  }
  const { asked, toAsk } = memory;
  const isAgain = rounds?.round === 1;
  const askAgain = (): void => {
    for (const id of asked) toAsk.add(id);
    asked.clear();
  };
  // Other plugins have changed the object after the first round.
  if (isAgain && !equalJson(memory.output, request.object)) askAgain();
  return {
    asks: (id) => !isAgain || toAsk.has(id),
    changed() {
      askAgain();
      if (rounds) rounds.again = true;
    },
    wasAsked: (id) => void asked.add(id),
    end() {
      if (!isAgain && rounds?.again && request.object) memory.output = cloneJson(request.object);
    },
  };
}
