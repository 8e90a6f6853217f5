/** The message of an Error; String() of any other thrown value. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
