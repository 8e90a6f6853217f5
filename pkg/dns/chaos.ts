// chaos: identifies the server (version.bind and similar names in class CH).
import { found } from '../component-helpers/dns/reply.js';
import type { Plugin } from './answer.js';
import { CLASS_CHAOS } from './wire/codes.js';

const NAMES: { [name: string]: string } = {
  'version.bind': 'Wheelhouse SkyDNS',
  'version.server': 'Wheelhouse SkyDNS',
};

export const chaos: Plugin = {
  name: 'chaos',
  class: CLASS_CHAOS,
  answer({ name, type }) {
    const data = NAMES[name];
    if (!data || type !== 'TXT') return undefined;
    return found([{ type: 'TXT', name, class: 'CH', ttl: 0, data }]);
  },
};
