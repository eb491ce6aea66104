import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { MessageType } from '@tapedeck/contracts'
import { MESSAGE_TYPES } from '@tapedeck/contracts'

const PIECE = 64 * 1024

/** Everything that somebody decided or detected; not the market itself, nor the measures of each second. */
export const DECIDED: readonly MessageType[] = MESSAGE_TYPES.filter(
  (type) => type === 'market.run.started' || !/^market\.|^orderflow\.measures$/.test(type),
)

/** Messages as NDJSON: written beside the name that was asked for, and renamed when all are there. */
export class MessageFile {
  readonly #path: string
  readonly #beside: string
  readonly #file: number
  #text = ''

  constructor(path: string) {
    this.#path = path
    this.#beside = `${path}.${process.pid}.part`
    this.#file = openSync(this.#beside, 'w')
  }

  add(envelope: object): void {
    this.#text += `${JSON.stringify(envelope)}\n`
    if (this.#text.length >= PIECE) this.#write()
  }

  finish(): void {
    this.#write()
    fsyncSync(this.#file)
    closeSync(this.#file)
    renameSync(this.#beside, this.#path)
  }

  /** Leaves nothing behind. */
  abandon(): void {
    closeSync(this.#file)
    rmSync(this.#beside, { force: true })
  }

  #write(): void {
    writeSync(this.#file, this.#text)
    this.#text = ''
  }
}
