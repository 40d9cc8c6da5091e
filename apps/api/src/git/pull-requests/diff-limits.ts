/** How much of a diff is shown: for all files together, and so that one generated file does not leave nothing for the rest. */
export const DIFF_LIMITS = { maxBytes: 1_000_000, maxFileBytes: 200_000 };
