import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { TapedeckError } from '@tapedeck/contracts'
import {
  TURTLE_OUTCOMES,
  type TurtleDifference,
  type TurtleEvent,
  recomputeTurtleEvent,
} from '@tapedeck/core'

/** A recorded decision that its own inputs do not give. */
export type DecisionDifference = {
  readonly line: number
  readonly event_type: string
  readonly symbol: string | null
  readonly occurred_at: number
  readonly fields: readonly TurtleDifference[]
}

export type DecisionsReport = {
  readonly verdict: 'equal' | 'different' | 'damaged'
  readonly decisions: number
  readonly types: Readonly<Record<string, { equal: number; different: number }>>
  readonly differences_total: number
  readonly differences: readonly DecisionDifference[]
  /** Lines that are no decisions, and why; the first of them. */
  readonly unreadable_total: number
  readonly unreadable: readonly { readonly line: number; readonly what: string }[]
}

const SHOWN_MAX = 100

/** For people: what a terminal would obey is not repeated. */
const plain = (text: string): string => text.slice(0, 300).replaceAll(/[\p{Cc}\p{Cf}\uFFFD]/gu, '?')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The decision of a line, or why there is none. */
const readDecision = (text: string): TurtleEvent | string => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return `no JSON: ${String(error)}`
  }
  if (!isObject(value) || typeof value['event_type'] !== 'string' || !isObject(value['context']))
    return 'expected event_type, outcome and context, as tapedeck backtest --messages writes them'
  if (!TURTLE_OUTCOMES.some((outcome) => outcome === value['outcome']))
    return `outcome ${String(value['outcome'])} is not in the list of outcomes`
  if (!Number.isSafeInteger(value['occurred_at'])) return 'occurred_at is not a time'
  return value as unknown as TurtleEvent
}

/** Inputs of another shape than the formulas expect are no decision of theirs. */
const recompute = (event: TurtleEvent): readonly TurtleDifference[] | string => {
  try {
    return recomputeTurtleEvent(event)
  } catch (error) {
    return `its inputs cannot be computed with: ${String(error)}`
  }
}

/** What cannot be read ends the one stream that is looked at: an error of the other would be nobody's. */
const openFile = (file: string): Readable => {
  const bytes = createReadStream(file)
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes
}

/** A refusal of the operating system says enough; of a damaged file, say which and where. */
const unreadableAt = (file: string, line: number, error: unknown): unknown =>
  Error.isError(error) && 'syscall' in error
    ? error
    : new TapedeckError(
        'RECORDING_INVALID',
        `${basename(file)} line ${line}: ${Error.isError(error) ? error.message : String(error)}, expected decisions, one JSON object a line, plain or gzip`,
        { details: { file, line }, cause: error },
      )

/**
 * Recomputes decisions that hold their own inputs: the turtle's audit events, one JSON object a line, plain
 * or gzip. Each by the formulas that made it, every number exactly. Throws RECORDING_INVALID for a damaged file, and
 * what the operating system says of one that it does not give.
 */
export const verifyDecisions = async (file: string): Promise<DecisionsReport> => {
  const types: Record<string, { equal: number; different: number }> = {}
  const differences: DecisionDifference[] = []
  const unreadable: { line: number; what: string }[] = []
  const total = { decisions: 0, differences: 0, unreadable: 0 }
  let line = 0
  const note = (what: string): void => {
    total.unreadable++
    if (unreadable.length < SHOWN_MAX) unreadable.push({ line, what: plain(what) })
  }
  const check = (event: TurtleEvent, fields: readonly TurtleDifference[]): void => {
    const { event_type, symbol, occurred_at } = event
    total.decisions++
    const count = (types[event_type] ??= { equal: 0, different: 0 })
    count[fields.length === 0 ? 'equal' : 'different']++
    if (fields.length === 0) return
    total.differences++
    if (differences.length < SHOWN_MAX)
      differences.push({ line, event_type, symbol, occurred_at, fields })
  }
  const take = (text: string): void => {
    const event = readDecision(text)
    if (typeof event === 'string') {
      note(event)
      return
    }
    const fields = recompute(event)
    if (typeof fields === 'string') note(fields)
    else check(event, fields)
  }
  try {
    const lines = createInterface({ input: openFile(file), crlfDelay: Infinity })
    for await (const text of lines) {
      line++
      if (text !== '') take(text)
    }
  } catch (error) {
    throw unreadableAt(file, line + 1, error)
  }
  return {
    verdict: total.differences > 0 ? 'different' : total.unreadable > 0 ? 'damaged' : 'equal',
    decisions: total.decisions,
    types,
    differences_total: total.differences,
    differences,
    unreadable_total: total.unreadable,
    unreadable,
  }
}
