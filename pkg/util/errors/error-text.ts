/** The message of an Error; String() of any other thrown value. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** For `catch`: swallows an error of the system with one of the codes, throws every other error. */
export const ignoringCode =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes((error as { code?: string }).code ?? '')) throw error;
  };
