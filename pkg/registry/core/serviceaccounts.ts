import { serviceAccountWarnings } from '../../apis/core/v1/warnings.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const serviceAccounts = defineResource({
  type: SERVICE_ACCOUNTS,
  storage: 'serviceaccounts',
  name: subdomainName,
  warnings: serviceAccountWarnings,
  row: (account, now) => [account.metadata.name, account.secrets?.length ?? 0, age(account, now)],
});
