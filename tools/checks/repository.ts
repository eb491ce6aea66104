import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

const SKIPPED = new Set(['node_modules', '.git', '.tapedeck', '.turbo', 'coverage', 'dist'])

const walk = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return walk(path)
    return entry.isFile() ? [path] : []
  })

/** Every file of the repository, as a path from its root with forward slashes. */
export const FILES: readonly string[] = walk('').toSorted()

const texts = new Map<string, string>()

/** The text of a file of the repository, read once. */
export const textOf = (path: string): string => {
  const known = texts.get(path)
  if (known !== undefined) return known
  const text = readFileSync(join(ROOT, path), 'utf8')
  texts.set(path, text)
  return text
}

const BINARY = /\.(png|jpe?g|gif|webp|ico|woff2?|gz|zst|zip|bin|wasm)$/
/** Recorded data is no prose of ours; the lockfile is pnpm's. */
const DATA = /(^|\/)(fixtures|recordings|golden)\/|^pnpm-lock\.yaml$|^docs\/reference\/.*\.json$/

export const TEXT_FILES = FILES.filter((path) => !BINARY.test(path) && !DATA.test(path))
export const CODE_FILES = FILES.filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path))
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** What is wrong, one line each; a check passes when there is none. */
export type Problems = readonly string[]
