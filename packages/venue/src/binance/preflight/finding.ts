/** One line of a preflight. */
export type PreflightFinding = {
  /** What was looked at, e.g. `clock` or `BTCUSDT leverage`. */
  readonly name: string
  /** `fail`: trading there would not work, or not safely. `skip`: nothing could be learned, for another reason above. */
  readonly result: 'pass' | 'warn' | 'fail' | 'skip'
  /** What was found. */
  readonly detail: string
  /** What to do about it; null where there is nothing to do. */
  readonly fix: string | null
}

export const pass = (
  name: string,
  detail: string,
  fix: string | null = null,
): PreflightFinding => ({ name, result: 'pass', detail, fix })

export const warn = (name: string, detail: string, fix: string): PreflightFinding => ({
  name,
  result: 'warn',
  detail,
  fix,
})

export const fail = (name: string, detail: string, fix: string): PreflightFinding => ({
  name,
  result: 'fail',
  detail,
  fix,
})

export const skip = (name: string, because: string): PreflightFinding => ({
  name,
  result: 'skip',
  detail: `not looked at: ${because}`,
  fix: null,
})

/** A question that the venue did not answer. */
export const unanswered = (name: string, detail: string): PreflightFinding =>
  fail(
    name,
    `no answer that could be used: ${detail}`,
    'Run it again in a minute; if it stays, look at the status page of the venue.',
  )
