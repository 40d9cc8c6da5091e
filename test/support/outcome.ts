/** `ok`, or the code of the refusal: for tests that compare what several requests led to. */
export const outcome = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'ok',
    (error: unknown) => {
      const { code } = (error as { problem?: { code?: string } }).problem ?? {};
      if (code === undefined) {
        throw error;
      }
      return code;
    },
  );
