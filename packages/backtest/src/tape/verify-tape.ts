import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { hasCode, type Instrument } from '@tapedeck/contracts'
import type { ArrowBatch } from '@tapedeck/columnar'
import { BatchReader, BlockBuffer, placeOf, rowsBefore } from './batch-reader.ts'
import { LaneRegister } from './lane-register.ts'
import { openTape, type FolderTape } from './open-tape.ts'
import type { TapePlace } from './tape-error.ts'
import { periodEnd } from './tape-layout.ts'
import { MANIFEST, type TapeFile, type TapeLane } from './tape-manifest.ts'

/** Something that is not as it was written, and where. Bytes and rows count from 0; null where it is not about any. */
export type TapeProblem = {
  readonly file: string
  readonly batch: number | null
  readonly row: number | null
  readonly from_byte: number | null
  /** The last byte concerned. */
  readonly to_byte: number | null
  readonly problem: string
}

export type TapeCheck = {
  readonly fingerprint: string | null
  readonly files: number
  readonly rows: number
  readonly bytes: number
  /** In the order of the files; empty when all is well. */
  readonly problems: readonly TapeProblem[]
}

export type VerifyTapeOptions = {
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

const problemAt = ({ file, batch, row, bytes }: TapePlace, problem: string): TapeProblem => ({
  file,
  batch: batch ?? null,
  row: row ?? null,
  from_byte: bytes?.[0] ?? null,
  to_byte: bytes === undefined ? null : bytes[1] - 1,
  problem,
})

/** A problem that reading has thrown; anything else is a defect and passes. */
const problemOf = (error: unknown): TapeProblem => {
  if (!hasCode(error, 'TAPE_FILE_INVALID')) throw error
  const details = error.details as unknown as TapePlace & { problem: string }
  return problemAt(details, details.problem)
}

/**
 * Checks everything of a tape: that the manifest is the one that was written, every byte of every file,
 * that rows are in order, continuous where the manifest says so, and in the file of their day, and that
 * there is nothing beside them. Goes on behind damage. Throws NOT_FOUND and the signal's reason.
 */
export const verifyTape = async (
  folder: string,
  options: VerifyTapeOptions = {},
): Promise<TapeCheck> => {
  let tape: FolderTape
  try {
    tape = await openTape(folder)
  } catch (error) {
    return { fingerprint: null, files: 0, rows: 0, bytes: 0, problems: [problemOf(error)] }
  }
  const { manifest, fingerprint } = tape
  const problems: TapeProblem[] = []
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  for (const { symbol, kind } of manifest.lanes) {
    const files = manifest.files.filter((file) => file.symbol === symbol && file.kind === kind)
    const lane = manifest.lanes.find((one) => one.symbol === symbol && one.kind === kind)!
    const instrument = manifest.instruments.find((one) => one.symbol === symbol)!
    problems.push(...(await checkLane(folder, instrument, files, lane, options)))
  }
  problems.push(...(await strangers(folder, manifest.files)))
  return { fingerprint, files: manifest.files.length, rows: manifest.rows, bytes, problems }
}

/** The files of one kind and symbol, which continue each other. */
const checkLane = async (
  folder: string,
  instrument: Instrument,
  files: readonly TapeFile[],
  lane: TapeLane,
  { onProgress, signal }: VerifyTapeOptions,
): Promise<TapeProblem[]> => {
  const problems: TapeProblem[] = []
  const checker = new RowChecker(lane)
  const block = new BlockBuffer()
  for (const file of files) {
    let reader: BatchReader
    try {
      reader = await BatchReader.open(folder, file, instrument)
    } catch (error) {
      problems.push(problemOf(error))
      continue
    }
    try {
      for (const index of file.batches.keys()) {
        signal?.throwIfAborted()
        try {
          const found = checker.batch(await reader.read(index, block), file, index)
          if (found !== null) problems.push(found)
        } catch (error) {
          problems.push(problemOf(error))
        }
        onProgress?.(file.batches[index]!.bytes)
      }
    } finally {
      await reader.close()
    }
  }
  if (problems.length === 0) problems.push(...checker.end())
  return problems
}

/** Follows the rows of a lane and compares them with what the manifest says. */
class RowChecker {
  readonly #lane: TapeLane
  readonly #register: LaneRegister
  #order = -1

  constructor(lane: TapeLane) {
    this.#lane = lane
    this.#register = new LaneRegister(lane.symbol, lane.kind)
  }

  /** The first row of a batch that is not as it should be. */
  batch(batch: ArrowBatch, file: TapeFile, index: number): TapeProblem | null {
    const facts = file.batches[index]!
    const order = batch.int64('order')
    const isTrades = file.kind === 'trades'
    const time = batch.int64(isTrades ? 'time' : 'at')
    const sequence = isTrades
      ? batch.int64('id')
      : file.kind.startsWith('bars-')
        ? batch.int64('open_time')
        : null
    const at = (row: number, problem: string): TapeProblem =>
      problemAt({ ...placeOf(file, index), row: rowsBefore(file, index) + row }, problem)
    const end = periodEnd(file.kind, file.batches[0]!.time_max)
    let [least, most] = [Infinity, -1]
    for (let row = 0; row < batch.rows; row++) {
      const place = order.at(row)
      const now = time.at(row)
      if (place <= this.#order) return at(row, `order ${place} does not rise from ${this.#order}`)
      this.#order = place
      if (sequence === null) this.#register.timed(now)
      else this.#register.sequenced(sequence.at(row), now)
      if (this.#register.reached >= end) return at(row, `time ${now} belongs into another file`)
      if (now < least) least = now
      if (now > most) most = now
    }
    const expected = `${facts.first_order} ${facts.last_order} ${facts.time_min} ${facts.time_max}`
    const found = `${order.at(0)} ${order.at(batch.rows - 1)} ${least} ${most}`
    return found === expected
      ? null
      : at(0, `order and times are ${found}, the manifest says ${expected}`)
  }

  /** What the manifest says of all rows together. */
  end(): TapeProblem[] {
    const found = this.#register.lane()
    return JSON.stringify(found) === JSON.stringify(this.#lane)
      ? []
      : [
          problemAt(
            { file: MANIFEST },
            `says ${JSON.stringify(this.#lane)}, the files have ${JSON.stringify(found)}`,
          ),
        ]
  }
}

/** Files that no manifest names: left behind, or put there. */
const strangers = async (folder: string, files: readonly TapeFile[]): Promise<TapeProblem[]> => {
  const known = new Set([MANIFEST, ...files.map(({ path }) => path)])
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
    .filter((path) => !known.has(path))
    .toSorted()
    .map((file) => problemAt({ file }, 'is not of this tape: the manifest does not name it'))
}
