// The page's clock, for ages: it ticks only while the page is looked at.
import { signal } from '@preact/signals';

export const now = signal(Date.now());

const TICK_MS = 5000;
setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, TICK_MS);
