import { type FileHandle, open } from 'node:fs/promises'

/** Pieces of a file on demand, so that memory holds no more than was asked for. */
export class FileWindow {
  readonly #handle: FileHandle
  readonly size: number

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.size = size
  }

  static async open(file: string): Promise<FileWindow> {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      return new FileWindow(handle, size)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await this.#handle.read(
        buffer,
        filled,
        buffer.length - filled,
        offset + filled,
      )
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
