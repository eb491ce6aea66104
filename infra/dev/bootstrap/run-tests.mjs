import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receivedSignal, runChild } from './run-child.mjs'
import { jestCommand, runSuite } from './run-suite.mjs'

const CHECKS = [
  { name: 'types', file: 'tsc', args: ['--noEmit'] },
  { name: 'lint', file: 'oxlint', args: ['--deny-warnings'] },
  { name: 'format', file: 'oxfmt', args: ['--check', '.'] },
]
const SUITES = [
  { name: 'unit', args: [] },
  { name: 'integration', args: [] },
  { name: 'e2e', args: ['--runInBand'] },
]

const capture = (file, args, options) =>
  new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    child.once('error', (error) => resolve({ code: 1, text: String(error) }))
    child.once('close', (code) => resolve({ code: code ?? 1, text }))
  })

const runChecks = async ({ root, env }) => {
  const results = await Promise.all(
    CHECKS.map(async ({ name, file, args }) => {
      const { code, text } = await capture(join(root, 'node_modules/.bin', file), args, {
        cwd: root,
        env,
      })
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
      if (code !== 0) console.log(text.trimEnd())
      return code === 0
    }),
  )
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed, skipped: 0 }
}

const sum = (totals) =>
  totals.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }))

const runEverything = async (project) => {
  const folder = mkdtempSync(join(tmpdir(), 'tapedeck-test-'))
  try {
    const totals = [await runChecks(project)]
    for (const suite of SUITES) {
      totals.push(await runSuite(project, suite, folder))
      if (receivedSignal() !== null) break
    }
    return sum(totals)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * `npm test`: types, lint, format, then the unit, integration and end-to-end suites, all of them even
 * when one fails. The last line is `N passed, N failed, N skipped` over everything; a check counts as
 * one. With arguments it is one jest run of them. `TAPEDECK_TOTALS_FILE` takes the line instead of the
 * terminal, for a caller that must print it last itself.
 */
export const runTests = async ({ root, node, env, args }) => {
  const project = { root, node, env: { ...env, NODE_ENV: 'test' } }
  if (args.length > 0) {
    const jest = [...jestCommand(root), ...args]
    return await runChild(node, jest, { cwd: root, env: project.env })
  }
  const { passed, failed, skipped } = await runEverything(project)
  const line = `${passed} passed, ${failed} failed, ${skipped} skipped\n`
  const totalsFile = process.env.TAPEDECK_TOTALS_FILE
  if (totalsFile === undefined) process.stdout.write(line)
  else writeFileSync(totalsFile, line)
  return failed === 0 ? 0 : 1
}
