// The clock of the page, for ages. It ticks only while the page is visible.
import { signal } from '@preact/signals';

export const now = signal(Date.now());

const TICK_MS = 5000;
setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, TICK_MS);
