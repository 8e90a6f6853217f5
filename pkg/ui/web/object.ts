// One object, live.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { escapeFieldValue } from '../../apimachinery/fields/selector.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { request } from './connection.js';
import { pathOf, type Kind } from './kind.js';
import { useLive } from './live.js';

export type ObjectName = { kind: Kind; namespace: string; name: string };

/** The object as it changes, and as it was last when it was deleted. A new one may follow. */
export function useObject({ kind, namespace, name }: ObjectName) {
  const live = useLive({
    path: pathOf(kind, namespace),
    query: { fieldSelector: `metadata.name=${escapeFieldValue(name)}` },
    form: 'object',
    canWatch: kind.canWatch,
  });
  const last = useRef<ApiObject | undefined>(undefined);
  const alone = useSignal<ApiObject | undefined>(undefined);
  const isForbidden = live.failure.value?.code === 403;
  // The visitor may get the object without the right to list its kind.
  useEffect(() => {
    if (isForbidden)
      request(pathOf(kind, namespace, name))
        .then(async (answer) => (alone.value = (await answer.json()) as ApiObject))
        .catch(() => {});
  }, [isForbidden]);
  const present = live.rows.value[0]?.object ?? alone.value;
  last.current = present ?? last.current;
  return { live, object: last.current, present };
}
