// Replies before they are bytes.
import type { Record, ZoneReply } from '../../component-helpers/dns/record.js';
import type { Rcode } from './codes.js';

export type { Record };

export interface Reply extends Omit<ZoneReply, 'rcode'> {
  rcode: Rcode;
  /**
   * The message of an upstream server to the same question. Its records are sent as they are;
   * `answers` has only the addresses and aliases among them.
   */
  wire?: Buffer;
}
