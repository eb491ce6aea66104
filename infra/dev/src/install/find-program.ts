import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the shell would find `name`; system folders count even when a user's PATH leaves them out. */
export const findProgram = (name: string, path = process.env['PATH'] ?? ''): string | null => {
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/sbin']) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      continue
    }
  }
  return null
}
