import { TapedeckError } from '@tapedeck/contracts'

/** Half open, ms. */
export type Span = { readonly from: number; readonly to: number }

/**
 * How data is cut. `rolling`: training keeps its length and moves; `anchored`: training begins at the
 * start of the data and grows; `folds`: each stretch is tested once and everything else trains, the future
 * too (purged cross-validation, Lopez de Prado 2018, ch. 7).
 */
export type WindowRules = {
  readonly mode: 'rolling' | 'anchored' | 'folds'
  /** Lengths in ms, or a number of windows that fill the data with training as a share of each. */
  readonly lengths:
    | { readonly trainMs: number; readonly testMs: number; readonly stepMs?: number }
    | { readonly windows: number; readonly trainShare: number }
  /** Left out between training and test, on both sides of a test. */
  readonly embargoMs: number
}

export type WalkWindow = {
  readonly index: number
  /** One stretch before the test; with folds also the one after it. In order, none of them empty. */
  readonly train: readonly Span[]
  readonly test: Span
}

const DAY = 86_400_000
/** A search over more is a mistake in the units. */
const WINDOWS_MAX = 10_000

const days = (ms: number): string => `${Number((ms / DAY).toPrecision(4))} days`

const invalid = (message: string, hint: string): TapedeckError =>
  new TapedeckError('VALIDATION_FAILED', message, { hint })

const checkLength = (name: string, ms: number): void => {
  if (Number.isSafeInteger(ms) && ms > 0) return
  throw invalid(
    `${name} is ${days(ms)}; expected whole milliseconds above 0`,
    'Give lengths in days, e.g. 90 or 0.5.',
  )
}

/** Whatever of `data` may train for `test`: what comes before and after it, less the embargo on each side. */
export const trainingAround = (data: Span, test: Span, embargoMs: number): Span[] =>
  [
    { from: data.from, to: Math.min(data.to, test.from - embargoMs) },
    { from: Math.max(data.from, test.to + embargoMs), to: data.to },
  ].filter(({ from, to }) => from < to)

const tooShort = (data: Span, needed: number, what: string): TapedeckError =>
  invalid(
    `there are ${days(data.to - data.from)} of data; ${what} need ${days(needed)}`,
    'Choose shorter windows, or a longer range of data.',
  )

type Lengths = { readonly trainMs: number; readonly testMs: number; readonly stepMs: number }

const lengthsOf = (data: Span, { lengths, mode, embargoMs }: WindowRules): Lengths => {
  if (!('windows' in lengths)) {
    const { trainMs, testMs, stepMs = testMs } = lengths
    for (const [name, ms] of Object.entries({ train: trainMs, test: testMs, step: stepMs })) {
      checkLength(name, ms)
    }
    if (stepMs < testMs) {
      throw invalid(
        `step is ${days(stepMs)} and test ${days(testMs)}: tests would overlap and count moments twice`,
        'Choose a step as long as the test, or longer.',
      )
    }
    return { trainMs, testMs, stepMs }
  }
  const { windows, trainShare } = lengths
  if (!Number.isInteger(windows) || windows < 1 || windows > WINDOWS_MAX) {
    throw invalid(`windows is ${windows}; expected 1 to ${WINDOWS_MAX}`, 'E.g. 6.')
  }
  if (!(trainShare > 0 && trainShare < 1)) {
    throw invalid(`train share is ${trainShare}; expected above 0, below 1`, 'E.g. 0.8.')
  }
  const total = data.to - data.from - (mode === 'folds' ? 0 : embargoMs)
  // Tests follow each other; the first has its training before it.
  const share = mode === 'folds' ? 0 : trainShare / (1 - trainShare)
  const testMs = Math.floor(total / (windows + share))
  const trainMs = mode === 'folds' ? testMs : Math.floor(testMs * share)
  if (testMs < 1 || trainMs < 1) throw tooShort(data, embargoMs + windows + 1, `${windows} windows`)
  return { trainMs, testMs, stepMs: testMs }
}

const folds = (data: Span, { testMs, stepMs }: Lengths, embargoMs: number): WalkWindow[] => {
  const windows: WalkWindow[] = []
  for (let from = data.from; from + testMs <= data.to; from += stepMs) {
    const test = { from, to: from + testMs }
    const train = trainingAround(data, test, embargoMs)
    if (train.length === 0)
      throw tooShort(data, testMs + embargoMs + 1, 'one fold and its training')
    windows.push({ index: windows.length, train, test })
  }
  return windows
}

/**
 * Cuts data into windows, each trained on one part and tested on another that training never saw. Tests
 * do not overlap. Windows whose test would pass the end of the data are left out. Throws
 * VALIDATION_FAILED that says how much data there is and how much is needed.
 */
export const planWindows = (data: Span, rules: WindowRules): WalkWindow[] => {
  const { mode, embargoMs } = rules
  if (!Number.isSafeInteger(embargoMs) || embargoMs < 0) {
    throw invalid(`embargo is ${days(embargoMs)}; expected 0 or more`, 'Give it in days.')
  }
  if (!(data.to > data.from)) throw tooShort(data, 1, 'windows')
  const lengths = lengthsOf(data, rules)
  const { trainMs, testMs, stepMs } = lengths
  if ((data.to - data.from) / stepMs > WINDOWS_MAX) {
    throw invalid(
      `steps of ${days(stepMs)} make more than ${WINDOWS_MAX} windows`,
      'Choose longer steps.',
    )
  }
  const windows: WalkWindow[] = mode === 'folds' ? folds(data, lengths, embargoMs) : []
  const needed = trainMs + embargoMs + testMs
  for (let at = data.from; mode !== 'folds' && at + needed <= data.to; at += stepMs) {
    const train = { from: mode === 'anchored' ? data.from : at, to: at + trainMs }
    const from = train.to + embargoMs
    windows.push({ index: windows.length, train: [train], test: { from, to: from + testMs } })
  }
  if (windows.length > 0) return windows
  throw tooShort(
    data,
    mode === 'folds' ? testMs : needed,
    `training of ${days(trainMs)}, an embargo of ${days(embargoMs)} and a test of ${days(testMs)}`,
  )
}
