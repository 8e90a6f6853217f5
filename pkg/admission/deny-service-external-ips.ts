// DenyServiceExternalIPs: a service may keep and lose external IPs and gets no new ones, because
// they take traffic of other tenants, CVE-2020-8554 (upstream plugin/pkg/admission/network/
// denyserviceexternalips).
import type { Service } from '../apis/core/v1/types.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import { refusal } from './refuse.js';

const addresses = (object: unknown): readonly string[] =>
  (object as Service | undefined)?.spec?.externalIPs ?? [];

export const denyServiceExternalIPs: AdmissionPluginFactory = () => ({
  name: 'DenyServiceExternalIPs',
  operations: ['CREATE', 'UPDATE'],
  resources: ['services'],
  validate(request) {
    if (request.subresource) return;
    const old = addresses(request.oldObject);
    if (addresses(request.object).some((address) => !old.includes(address)))
      throw refusal(request, 'Use of external IPs is denied by admission control');
  },
});
