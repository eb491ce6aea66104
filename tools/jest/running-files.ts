import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Keeps the names of the test files that run now in the file `RUNNING_TESTS_FILE`, for whoever must stop the run. */
export default class RunningFiles {
  private readonly running = new Set<string>()

  onTestFileStart(test: { readonly path: string }): void {
    this.running.add(relative(process.cwd(), test.path))
    this.write()
  }

  onTestFileResult(test: { readonly path: string }): void {
    this.running.delete(relative(process.cwd(), test.path))
    this.write()
  }

  private write(): void {
    const file = process.env['RUNNING_TESTS_FILE']
    if (file !== undefined) writeFileSync(file, [...this.running].join('\n'))
  }
}
