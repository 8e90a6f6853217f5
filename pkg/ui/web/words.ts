// Texts of the page (words.yaml) in the language of the browser.
import { WORDS } from './words.generated.js';

export type WordName = keyof typeof WORDS;

const language: 'en' | 'zh' = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language;

export const word = (name: WordName): string => WORDS[name][language];
