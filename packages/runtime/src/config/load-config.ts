import { readFileSync, statSync } from 'node:fs'
import type { z } from 'zod'
import { configInvalid, showValue, type ConfigProblem } from './config-problem.ts'
import type { ConfigDefinition, ConfigKey, ConfigOf } from './define-config.ts'
import { didYouMean } from './did-you-mean.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface LoadConfigOptions {
  /** An unknown key that begins with one of these is an error. */
  readonly prefixes?: readonly string[]
  /** Keys of other services that share this environment. */
  readonly alsoKnown?: readonly string[]
}

/** An empty variable counts as not set: compose and shells write `KEY=` for "no value". */
const read = (env: Environment, key: string): string | undefined => {
  const value = env[key]
  return value === undefined || value === '' ? undefined : value
}

type Raw = { readonly value: string | undefined; readonly from: string } | ConfigProblem

const isOpenToAll = (path: string): boolean =>
  process.platform !== 'win32' && (statSync(path).mode & 0o007) !== 0

const readSecretFile = (key: string, path: string, ownerOnly: boolean): Raw => {
  try {
    if (ownerOnly && isOpenToAll(path))
      return {
        key: `${key}_FILE`,
        value: showValue(path),
        expected: `expected a file that not everybody on this machine may read; run: chmod 600 ${path}`,
      }
    return { value: readFileSync(path, 'utf8').replace(/\r?\n$/, ''), from: `${key}_FILE` }
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unreadable'
    return {
      key: `${key}_FILE`,
      value: showValue(path),
      expected: `expected the path of a readable file (${code})`,
    }
  }
}

const rawValue = (key: string, entry: ConfigKey, env: Environment): Raw => {
  const value = read(env, key)
  const path = entry.secret === true ? read(env, `${key}_FILE`) : undefined
  if (path === undefined) return { value, from: key }
  if (value !== undefined)
    return {
      key,
      value: null,
      expected: `expected either ${key} or ${key}_FILE, found both`,
    }
  return readSecretFile(key, path, entry.ownerOnly === true)
}

/** A secret is told by its length only. */
const shown = (raw: string | undefined, secret: boolean): string | null => {
  if (raw === undefined) return null
  return secret ? `(secret, ${raw.length} characters)` : showValue(raw)
}

const expectation = (entry: ConfigKey, raw: string | undefined, error: z.ZodError): string => {
  if (raw === undefined) {
    const example = entry.example === undefined ? '' : `, e.g. ${entry.example}`
    return `is required: ${entry.description}${example}`
  }
  return error.issues.map((issue) => issue.message).join('; ')
}

const unknownKeys = (
  definition: ConfigDefinition,
  env: Environment,
  { prefixes = [], alsoKnown = [] }: LoadConfigOptions,
): ConfigProblem[] => {
  const known = [
    ...Object.entries(definition).flatMap(([key, entry]) =>
      entry.secret === true ? [key, `${key}_FILE`] : [key],
    ),
    ...alsoKnown,
  ]
  return Object.keys(env)
    .filter((key) => prefixes.some((prefix) => key.startsWith(prefix)) && !known.includes(key))
    .toSorted()
    .map((key) => {
      const near = didYouMean(key, known)
      return {
        key,
        value: null,
        expected: `unknown key${near === null ? '; docs/reference/config.md lists all' : `; did you mean ${near}?`}`,
      }
    })
}

/**
 * Reads a definition from the environment. Every value is checked, and every problem is named in one
 * `CONFIG_INVALID`; secrets are never in it. Values of secret keys may come from `<KEY>_FILE`.
 */
export const loadConfig = <D extends ConfigDefinition>(
  definition: D,
  env: Environment,
  options: LoadConfigOptions = {},
): ConfigOf<D> => {
  const problems: ConfigProblem[] = []
  const values: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(definition)) {
    const raw = rawValue(key, entry, env)
    if ('expected' in raw) {
      problems.push(raw)
      continue
    }
    const parsed = entry.schema.safeParse(raw.value)
    if (parsed.success) values[key] = parsed.data
    else
      problems.push({
        key: raw.from,
        value: shown(raw.value, entry.secret === true),
        expected: expectation(entry, raw.value, parsed.error),
      })
  }
  problems.push(...unknownKeys(definition, env, options))
  if (problems.length > 0) throw configInvalid('The environment', problems)
  return values as ConfigOf<D>
}
