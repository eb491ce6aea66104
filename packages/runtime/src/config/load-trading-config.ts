import { readFileSync } from 'node:fs'
import { TradingConfig } from '@tapedeck/contracts'
import { LineCounter, isNode, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { configInvalid, showValue, type ConfigProblem } from './config-problem.ts'
import { didYouMean } from './did-you-mean.ts'

type Path = readonly PropertyKey[]

const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : `${text}${text === '' ? '' : '.'}${String(part)}`,
    '',
  )

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  )

interface Definition {
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly shape?: Record<string, z.ZodType>
}
const definitionOf = (schema: z.ZodType | undefined): Definition | undefined =>
  schema?.def as Definition | undefined

/** The keys that the schema knows at a path, through defaults and arrays. */
const keysAt = (schema: z.ZodType | undefined, path: Path): string[] => {
  const definition = definitionOf(schema)
  if (definition === undefined) return []
  if (definition.innerType !== undefined) return keysAt(definition.innerType, path)
  const [head, ...rest] = path
  if (head === undefined) return Object.keys(definition.shape ?? {})
  if (definition.element !== undefined) return keysAt(definition.element, rest)
  return keysAt(definition.shape?.[String(head)], rest)
}

const unknownKeyText = (key: string, known: readonly string[]): string => {
  const near = didYouMean(key, known)
  return near === null
    ? `unknown key; known here: ${known.join(', ')}`
    : `unknown key; did you mean ${near}?`
}

const problemsOf = (
  issue: z.core.$ZodIssue,
  input: unknown,
): (ConfigProblem & { path: Path })[] => {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(TradingConfig, issue.path)
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      key: pathText([...issue.path, key]),
      value: showValue(valueAt(input, [...issue.path, key])),
      expected: unknownKeyText(key, known),
    }))
  }
  const value = valueAt(input, issue.path)
  const quoted =
    issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number'
      ? `; write it in quotes ('${value}'), so that it stays exact`
      : ''
  return [
    {
      path: issue.path,
      key: pathText(issue.path) || '(the file)',
      value: value === undefined ? null : showValue(value),
      expected: value === undefined ? 'is required' : `${issue.message}${quoted}`,
    },
  ]
}

/** Line of a path in the file, or of its nearest parent that is there. */
const lineOf = (document: Document.Parsed, lines: LineCounter, path: Path): number => {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** Unknown aliases, and documents that aliases blow up, are found only when the value is made. */
const valueOf = (document: Document.Parsed, source: string): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch (error) {
    const expected = Error.isError(error) ? error.message : 'expected YAML'
    throw configInvalid(source, [{ key: 'line 1', value: null, expected }])
  }
}

/**
 * Checks the text of a trading configuration (YAML 1.2). Throws `CONFIG_INVALID`, which names file, line,
 * path, value and what was expected for everything that is wrong. `source` is what the error calls it.
 */
export const parseTradingConfig = (text: string, source: string): TradingConfig => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0)
    throw configInvalid(
      source,
      document.errors.map((error) => ({
        key: `line ${error.linePos?.[0].line ?? 1}`,
        value: null,
        expected: error.message.split('\n')[0] ?? 'expected YAML',
      })),
    )
  const input = valueOf(document, source)
  const parsed = TradingConfig.safeParse(input)
  if (parsed.success) return parsed.data
  throw configInvalid(
    source,
    parsed.error.issues
      .flatMap((issue) => problemsOf(issue, input))
      .map(({ path, key, value, expected }) => ({
        key: `line ${lineOf(document, lines, path)}: ${key}`,
        value,
        expected,
      })),
  )
}

/** Replacement characters would be read as if somebody had meant them. */
const textOf = (bytes: Buffer, path: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw configInvalid(path, [{ key: '(the file)', value: null, expected: 'expected UTF-8' }])
  }
}

/** Reads and checks the trading configuration of a file; see `parseTradingConfig`. */
export const loadTradingConfig = (path: string): TradingConfig => {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw configInvalid('The trading configuration', [
      {
        key: 'TAPEDECK_CONFIG',
        value: showValue(path),
        expected: `expected the path of a readable file (${(error as { code?: string }).code ?? 'unreadable'})`,
      },
    ])
  }
  return parseTradingConfig(textOf(bytes, path), path)
}
