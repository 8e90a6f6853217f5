import { SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const serviceAccounts = defineResource({
  type: SERVICE_ACCOUNTS,
  storage: 'serviceaccounts',
  row: (account, now) => [account.metadata.name, account.secrets?.length ?? 0, age(account, now)],
});
