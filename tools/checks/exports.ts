import { posix } from 'node:path'
import { withoutComments } from './source-text.ts'

/** A code file: its path from the root, and its text. */
export type Source = { readonly path: string; readonly text: string }

const FROM = /^(?:import|export)\b([^'"`;]*?)\bfrom\s*'([^']+)'/gm
const LOADED = /\bimport\s*\(\s*'([^']+)'/g
const VALUE = /^export\s+(?:abstract\s+)?(?:async\s+)?(?:const|let|function\*?|class)\s+(\w+)/gm
const EVERYTHING = '*'

const namesIn = (clause: string): string[] => {
  const braces = /\{([^}]*)\}/.exec(clause)
  if (braces === null) return /\*/.test(clause) ? [EVERYTHING] : ['default']
  return braces[1]!
    .split(',')
    .map((part) => part.trim().replace(/^type\s+/, ''))
    .map((part) => part.split(/\s+as\s+/)[0]!)
}

/**
 * Exported values (no types: those describe what is exported) that no other file takes from the file that
 * has them. `entryOf` finds the file behind the name of a package.
 */
export const unusedExports = (
  sources: readonly Source[],
  entryOf: (specifier: string) => string | undefined,
): string[] => {
  const taken = new Map<string, Set<string>>()
  const take = (from: string, specifier: string, names: readonly string[]): void => {
    const target = specifier.startsWith('.')
      ? posix.join(posix.dirname(from), specifier)
      : entryOf(specifier)
    if (target === undefined) return
    const all = taken.get(target) ?? new Set<string>()
    for (const name of names) all.add(name)
    taken.set(target, all)
  }
  const exported: { readonly path: string; readonly name: string }[] = []
  for (const { path, text } of sources) {
    const code = withoutComments(text)
    for (const [, clause, specifier] of code.matchAll(FROM))
      take(path, specifier!, namesIn(clause!))
    for (const [, specifier] of code.matchAll(LOADED)) take(path, specifier!, [EVERYTHING])
    for (const [, name] of code.matchAll(VALUE)) exported.push({ path, name: name! })
  }
  return exported
    .filter(({ path, name }) => {
      const names = taken.get(path)
      return names === undefined || !(names.has(name) || names.has(EVERYTHING))
    })
    .map(({ path, name }) => `${path} exports ${name}, which nobody imports`)
}
