import { createReadStream } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Lines of a file behind its header, split into cells of which one is looked at. Returns how many there are. */
export const splitLines = async (file: string): Promise<number> => {
  let rows = 0
  let sum = 0
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    const price = Number(line.split(',')[1])
    if (Number.isNaN(price)) continue
    sum += price
    rows++
  }
  return sum === 0 ? 0 : rows
}

/** Every 64-bit word of the files below a folder, summed as two words of 32: what any reader of columns must do. */
export const sumWords = async (folder: string): Promise<number> => {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.arrow')) continue
    const { buffer, byteOffset, length } = await readFile(join(entry.parentPath, entry.name))
    const words = new Int32Array(buffer, byteOffset, length >> 2)
    for (let i = 0; i + 1 < words.length; i += 2)
      sum += words[i + 1]! * 4_294_967_296 + (words[i]! >>> 0)
  }
  return sum
}
