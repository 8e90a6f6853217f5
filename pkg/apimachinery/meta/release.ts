/** What every program says of itself; the suffix names this project. */
export const RELEASE = 'v1.32.0+wheelhouse';
