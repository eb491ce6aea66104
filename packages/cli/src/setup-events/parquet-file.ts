import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ParquetEncoder, type ParquetColumn } from '@tapedeck/columnar'
import { TapedeckError, hasCode } from '@tapedeck/contracts'
import { ENGINE_SEMVER } from '@tapedeck/core'
import { exportRow, type ExportedEvent } from './export-row.ts'

export type ParquetFileOptions = {
  readonly path: string
  readonly columns: readonly ParquetColumn[]
  readonly featureSchemaVersion: string
  readonly force: boolean
}

const exists = (path: string): TapedeckError =>
  new TapedeckError('OUTPUT_EXISTS', `${path} exists, expected a new file`, {
    hint: 'Name another file, or say --force to replace it.',
  })

/**
 * A Parquet file of setup events. It grows under a temporary name and gets its own when it is whole and on
 * the disk; until then, and when something fails, the target is untouched.
 */
export class ParquetFile {
  readonly #path: string
  readonly #temporary: string
  readonly #handle: FileHandle
  readonly #encoder: ParquetEncoder

  private constructor(options: ParquetFileOptions, temporary: string, handle: FileHandle) {
    this.#path = options.path
    this.#temporary = temporary
    this.#handle = handle
    this.#encoder = new ParquetEncoder({
      columns: options.columns,
      metadata: {
        'tapedeck.feature_schema_version': options.featureSchemaVersion,
        'tapedeck.engine_semver': ENGINE_SEMVER,
      },
    })
  }

  /** Throws OUTPUT_EXISTS. */
  static async create(options: ParquetFileOptions): Promise<ParquetFile> {
    if (!options.force && existsSync(options.path)) throw exists(options.path)
    await mkdir(dirname(options.path), { recursive: true })
    const temporary = `${options.path}.${process.pid}.partial`
    return new ParquetFile(options, temporary, await open(temporary, 'w'))
  }

  get rows(): number {
    return this.#encoder.rows
  }

  /** Throws DISK_FULL. */
  async add(event: ExportedEvent): Promise<void> {
    const bytes = this.#encoder.push(exportRow(event))
    if (bytes !== null) await this.#write(bytes)
  }

  /** Puts the whole file in its place. */
  async finish(): Promise<void> {
    await this.#write(this.#encoder.finish())
    await this.#handle.sync()
    await this.#handle.close()
    await rename(this.#temporary, this.#path)
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#temporary, { force: true })
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#handle.writeFile(bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || hasCode(error, 'DISK_FULL'))
        throw error
      throw new TapedeckError('DISK_FULL', `no room for ${this.#path}`, { cause: error })
    }
  }
}
