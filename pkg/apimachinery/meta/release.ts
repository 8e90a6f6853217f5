/** The version that every program reports. The suffix names this project. */
export const RELEASE = 'v1.32.0+wheelhouse';
