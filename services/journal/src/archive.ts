import { existsSync, mkdirSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, gzip } from 'node:zlib'
import {
  TapedeckError,
  type TradingConfig,
  canonicalJson,
  frameMember,
  shortHash,
} from '@tapedeck/contracts'
import type { Transaction } from '@tapedeck/database'
import type { Handled } from '@tapedeck/runtime'
import type { Tables } from './migrations.ts'

const compress = promisify(gzip)

/** A segment that has grown beyond this is closed; the next message opens another. */
const SEGMENT_BYTES = 64 * 1024 * 1024

interface Segment {
  readonly runId: string
  readonly firstSeq: number
  /** The run's last archived tape sequence; 0 when there is none. */
  readonly previousSeq: number
  readonly path: string
  messages: number
  bytes: number
}

/**
 * The tape in files: one folder a run, segments of lines `<tape seq> <subject> <envelope>`, gzip. Each
 * append is a gzip member of its own, framed so that damage is found and reading goes on behind it
 * (`frameMember`), so a file is the concatenation of what was committed; what a crash left beyond the
 * committed length is cut off before the next append. Beside them lies the trading configuration that
 * the run was decided by, named by its hash: the folder is all that it takes to compute the run again.
 */
export class TapeArchive {
  readonly #folder: string
  readonly #config: { readonly name: string; readonly text: string }
  /** Runs that have the configuration beside them. */
  readonly #configured = new Set<string>()

  constructor(folder: string, trading: TradingConfig) {
    const text = canonicalJson(trading)
    this.#folder = folder
    this.#config = { name: `config-${shortHash(text)}.json`, text }
  }

  /**
   * Appends inside the transaction: the rows say how far the files are valid. Returns the bytes written.
   * Throws DISK_FULL, after which the transaction may be run again.
   */
  async append(tx: Transaction<Tables>, inputs: readonly Handled[]): Promise<number> {
    let bytes = 0
    try {
      for (const group of byRun(inputs)) bytes += await this.#appendRun(tx, group)
    } catch (error) {
      throw this.#ofDisk(error)
    }
    return bytes
  }

  #ofDisk(error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOSPC' || code === 'EDQUOT'
      ? new TapedeckError('DISK_FULL', `no space left for the archive in ${this.#folder}`, {
          cause: error,
        })
      : error
  }

  async #appendRun(tx: Transaction<Tables>, inputs: readonly Handled[]): Promise<number> {
    const first = inputs[0]!
    const segment = await this.#open(tx, first.message.run_id, first.raw.seq)
    const lines = inputs.map(
      ({ raw }) => `${raw.seq} ${raw.subject} ${Buffer.from(raw.bytes).toString('utf8')}\n`,
    )
    this.#keepConfig(segment.runId)
    const member = frameMember(
      await compress(lines.join(''), { level: 1 }),
      {
        messages: inputs.length,
        firstSeq: first.raw.seq,
        lastSeq: inputs.at(-1)!.raw.seq,
        previousSeq: segment.previousSeq,
      },
      crc32,
    )
    const file = join(this.#folder, segment.path)
    // A transaction that was rolled back after writing is run again: begin where the last commit ended.
    if (sizeOf(file) > segment.bytes) truncateSync(file, segment.bytes)
    await appendFile(file, member)
    const next = {
      ...segment,
      messages: segment.messages + inputs.length,
      bytes: segment.bytes + member.length,
    }
    await tx
      .insertInto('archive_segment')
      .values({
        run_id: segment.runId,
        first_seq: segment.firstSeq,
        last_seq: inputs.at(-1)!.raw.seq,
        messages: next.messages,
        bytes: next.bytes,
        path: segment.path,
      })
      .onConflict((on) =>
        on.columns(['run_id', 'first_seq']).doUpdateSet({
          last_seq: inputs.at(-1)!.raw.seq,
          messages: next.messages,
          bytes: next.bytes,
        }),
      )
      .execute()
    return member.length
  }

  #keepConfig(runId: string): void {
    if (this.#configured.has(runId)) return
    const file = join(this.#folder, runId, this.#config.name)
    if (!existsSync(file)) {
      writeFileSync(`${file}.new`, this.#config.text)
      renameSync(`${file}.new`, file)
    }
    this.#configured.add(runId)
  }

  /** The run's last segment as it is committed, or a new one. Asked of the table each time: it is the truth. */
  async #open(tx: Transaction<Tables>, runId: string, seq: number): Promise<Segment> {
    const row = await tx
      .selectFrom('archive_segment')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('first_seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    // A file that holds less than was committed (somebody removed it, the disk lost its end) is not
    // continued: what is in it stays readable, and what comes now is readable from here.
    if (
      row !== undefined &&
      row.bytes < SEGMENT_BYTES &&
      sizeOf(join(this.#folder, row.path)) >= row.bytes
    )
      return {
        runId,
        firstSeq: row.first_seq,
        previousSeq: row.last_seq,
        path: row.path,
        messages: row.messages,
        bytes: row.bytes,
      }
    mkdirSync(join(this.#folder, runId), { recursive: true })
    const path = join(runId, `${String(seq).padStart(16, '0')}.tape.gz`)
    const previousSeq = row?.last_seq ?? 0
    return { runId, firstSeq: seq, previousSeq, path, messages: 0, bytes: 0 }
  }
}

/** Bytes of a file; 0 when there is none. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Neighbours of one run together; a batch seldom holds more than one. */
const byRun = (inputs: readonly Handled[]): Handled[][] => {
  const groups: Handled[][] = []
  for (const input of inputs) {
    const last = groups.at(-1)
    if (last?.[0]?.message.run_id === input.message.run_id) last.push(input)
    else groups.push([input])
  }
  return groups
}
