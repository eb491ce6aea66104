import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The packages that a backtest runs in. */
const DECIDING = ['contracts', 'core', 'recordings', 'columnar', 'backtest'] as const
const PACKAGES = fileURLToPath(new URL('../../../../', import.meta.url))
const LOCK_FILE = join(PACKAGES, '..', 'pnpm-lock.yaml')

const isCode = (name: string): boolean =>
  name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name) && !name.endsWith('.property.test.ts')

/**
 * SHA-256 over the sources that decide what a backtest makes, and the versions of their libraries. Results
 * of other code are never taken for results of this one, and workers of other code take no jobs of this
 * one: a version number would miss what is being worked on.
 */
export const codeFingerprint = (): string => {
  const hash = createHash('sha256')
  for (const name of DECIDING) {
    const folder = join(PACKAGES, name, 'src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(isCode)
      .toSorted()
    for (const file of files) {
      hash.update(`${name}/${relative('.', file).split(sep).join('/')}\0`)
      hash.update(readFileSync(join(folder, file)))
    }
  }
  hash.update(readFileSync(LOCK_FILE))
  return hash.digest('hex')
}
