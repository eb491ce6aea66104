/**
 * Writes the generated documents. With `--check`, writes nothing and exits 1 when one is out of date.
 *
 *     node tools/docs/generate.ts [--check]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DOCUMENTS } from './documents.ts'

const root = join(import.meta.dirname, '../..')
const check = process.argv.includes('--check')

let stale = 0
for (const [path, make] of Object.entries(DOCUMENTS)) {
  const file = join(root, path)
  const text = await make()
  const same = existsSync(file) && readFileSync(file, 'utf8') === text
  if (same) continue
  stale++
  if (check) {
    process.stderr.write(`${path} is out of date\n`)
    continue
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  process.stdout.write(`${path} written\n`)
}

if (check && stale > 0) {
  process.stderr.write('Run: node tools/docs/generate.ts\n')
  process.exitCode = 1
}
