export interface SuiteTotals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface SuiteProject {
  readonly root: string
  readonly node: string
  readonly env: NodeJS.ProcessEnv
  readonly say?: (line: string) => void
  readonly stdio?: 'inherit' | 'ignore'
}

export interface Suite {
  readonly name: string
  readonly args: readonly string[]
  readonly msMax?: number
}

/** Runs one jest project; killed, and one failure, when it takes longer than `msMax`. */
export declare function runSuite(
  project: SuiteProject,
  suite: Suite,
  folder: string,
): Promise<SuiteTotals>
