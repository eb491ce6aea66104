import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './run-child.mjs'

/** Three times what the longest suite takes on a small, busy machine. */
const SUITE_MS_MAX = 40 * 60_000

export const jestCommand = (root) => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
]

const textOf = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** What jest counted. A file that could not even be loaded is a failure, though it holds no test. */
const totalsOf = (report, code) => {
  const text = textOf(report)
  if (text === '') return { passed: 0, failed: 1, skipped: 0 }
  const json = JSON.parse(text)
  const failed = json.numFailedTests + json.numRuntimeErrorTestSuites
  return {
    passed: json.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: json.numPendingTests + json.numTodoTests,
  }
}

/**
 * Runs one jest project and returns what it counted. One that does not end within `msMax` is killed,
 * with the names of the files that ran, and counts as one failure: the other suites still have their
 * turn. `say` and `stdio` take what it prints.
 */
export const runSuite = async (
  { root, node, env, say = console.log, stdio = 'inherit' },
  { name, args, msMax = SUITE_MS_MAX },
  folder,
) => {
  const report = join(folder, `${name}.json`)
  const running = join(folder, `${name}.running`)
  // Not the configured ones: the closing line is ours, once, over all suites.
  const own = ['end-lingering.ts', 'running-files.ts'].map((file) => join(root, 'tools/jest', file))
  const reporters = ['default', ...own].map((reporter) => `--reporters=${reporter}`)
  const json = ['--json', `--outputFile=${report}`]
  const select = ['--selectProjects', name, '--passWithNoTests', ...args]
  say(`\n── ${name} tests`)
  const signal = AbortSignal.timeout(msMax)
  const code = await runChild(node, [...jestCommand(root), ...select, ...reporters, ...json], {
    cwd: root,
    env: { ...env, RUNNING_TESTS_FILE: running },
    stdio,
    signal,
    killSignal: 'SIGKILL',
  })
  if (signal.aborted) {
    const files = textOf(running).split('\n').join(', ')
    say(`FAIL ${name}: stopped after ${msMax / 1000} s, within ${files}`)
  }
  return totalsOf(report, code)
}
