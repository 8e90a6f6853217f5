// The page that is shown, its settings, and the way to others.
import { signal } from '@preact/signals';
import { formatRoute, parseRoute } from './route.js';

/** Browsers limit how often a page may change its address. */
const WRITE_MS = 250;

export const route = signal(parseRoute(location.hash));
let writing: ReturnType<typeof setTimeout> | undefined;
addEventListener('hashchange', () => {
  clearTimeout(writing);
  route.value = parseRoute(location.hash);
});

export const setting = (name: string): string => route.value.settings[name] ?? '';

/** Changes settings of this page without a new entry in the history. */
export function change(settings: Record<string, string>): void {
  route.value = { ...route.value, settings: { ...route.value.settings, ...settings } };
  clearTimeout(writing);
  writing = setTimeout(() => {
    const { path, settings: all } = route.value;
    // The visitor may be on the way to another page, whose event has not come yet.
    if (parseRoute(location.hash).path === path)
      history.replaceState(null, '', formatRoute(path, all));
  }, WRITE_MS);
}

/** The address of another page; the chosen namespace stays chosen. */
export const link = (path: string, settings: Record<string, string> = {}): string =>
  formatRoute(path, { namespace: setting('namespace'), ...settings });
