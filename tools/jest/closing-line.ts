type Totals = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numRuntimeErrorTestSuites: number
}

/** Prints `N passed, N failed, N skipped` as the very last line, so that any CI can count. */
export default class ClosingLine {
  onRunComplete(_contexts: unknown, totals: Totals): void {
    const failed = totals.numFailedTests + totals.numRuntimeErrorTestSuites
    const line = `${totals.numPassedTests} passed, ${failed} failed, ${totals.numPendingTests} skipped`
    process.once('exit', () => process.stdout.write(`${line}\n`))
  }
}
