// Chooses the supervisor: systemd where it is the init system, runit elsewhere.
import { existsSync } from 'node:fs';
import { Runit } from './runit.js';
import type { Supervisor } from './service.js';
import { Systemd } from './systemd.js';

/** sd_booted(3): this folder exists when systemd is the init system. */
export const supervisorOf = (cluster: string): Supervisor =>
  existsSync('/run/systemd/system') ? new Systemd(cluster) : new Runit(cluster);
