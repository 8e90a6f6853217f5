// Server-side apply.
import { unsupportedMedia } from '../codec/negotiate.js';
import type { ApiRequest } from './request.js';

// eslint-disable-next-line typescript/require-await
export async function applyPatch(_request: ApiRequest, _body: Buffer): Promise<void> {
  throw unsupportedMedia(['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json']);
}
