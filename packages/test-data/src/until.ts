/** How a wait may be bounded. */
export type UntilOptions = {
  /** What is waited for, for the error. Default: the code of the condition. */
  readonly what?: string
  /** Ends before the two minutes that a test may take, so that the error says what was missing. Default 100 s. */
  readonly msMax?: number
  readonly everyMs?: number
}

/** A machine that is shared may take twenty times as long as ours. */
const MS_MAX = 100_000
const EVERY_MS = 10

/**
 * Waits for something that another process or a timer will do. Throws what it waited for in vain: a wait
 * without an end would outlive its test and keep the whole run.
 */
export const until = async (
  isSo: () => boolean | Promise<boolean>,
  { what = isSo.toString(), msMax = MS_MAX, everyMs = EVERY_MS }: UntilOptions = {},
): Promise<void> => {
  const deadline = performance.now() + msMax
  while (!(await isSo())) {
    if (performance.now() > deadline)
      throw new Error(`waited ${msMax / 1000} s in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
