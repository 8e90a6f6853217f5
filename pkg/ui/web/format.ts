// Formats values for the page.

/** The age in the short form of kubectl: 45s, 5m30s, 3h, 2d4h, 120d, 2y. */
export function age(from: string | undefined, now: number): string {
  const seconds = Math.floor((now - Date.parse(from ?? '')) / 1000);
  if (!Number.isFinite(seconds)) return '<unknown>';
  if (seconds < 1) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  return pair(Math.floor(days / 365), 'y', days % 365, 'd');
}

function pair(a: number, unitA: string, b: number, unitB: string): string {
  return b ? `${a}${unitA}${b}${unitB}` : `${a}${unitA}`;
}

export type Tone = 'good' | 'bad' | 'busy' | '';

const GOOD = /^(Running|Ready|Active|Bound|Normal|Available|Completed|Succeeded|True)$/;
const BAD = /(Error|Err|BackOff|Failed|NotReady|Warning|Unknown|Evicted|Lost|OOMKilled|False)/;
const BUSY = /(Pending|Creating|Terminating|Init:|SchedulingDisabled|Waiting|Progressing)/;

/** The colour of a status word; '' for other texts. */
export function tone(text: string): Tone {
  if (BAD.test(text)) return 'bad';
  if (BUSY.test(text)) return 'busy';
  return GOOD.test(text) ? 'good' : '';
}

/** The colour of a text like 1/2: good when both numbers are equal. */
export function readiness(text: string): Tone {
  const found = /^(\d+)\/(\d+)$/.exec(text);
  if (!found) return '';
  return found[1] === found[2] ? 'good' : 'busy';
}

/** An object as YAML for display: strings that YAML would read as another type are quoted. */
export function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.length
      ? value.map((v) => `${indent}- ${yaml(v, `${indent}  `).trimStart()}`).join('')
      : `${indent}[]\n`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (!entries.length) return `${indent}{}\n`;
    return entries
      .map(([key, v]) => {
        const nested = typeof v === 'object' && v !== null && Object.keys(v).length > 0;
        return nested
          ? `${indent}${key}:\n${yaml(v, Array.isArray(v) ? indent : `${indent}  `)}`
          : `${indent}${key}: ${yaml(v).trimStart()}`;
      })
      .join('');
  }
  if (typeof value !== 'string') return `${indent}${String(value)}\n`;
  if (value.includes('\n')) return `|-\n${value.replace(/^/gm, `${indent}  `)}\n`;
  const plain =
    /^[A-Za-z/][\w./:@ -]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(value) &&
    !value.includes(': ') &&
    !value.endsWith(' ');
  return `${indent}${plain ? value : JSON.stringify(value)}\n`;
}
