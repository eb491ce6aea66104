import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

/** The release that is downloaded where no package manager offers one. */
const VERSION = '2.15.1'
const RELEASES = 'https://github.com/nats-io/nats-server/releases/download'
const TIMEOUT_MS = 120_000

const fetchBytes = async (url: string): Promise<Buffer> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Unpacks the official nats-server release into `folder`, checked against its published sum. */
export const unpackNatsRelease = async (
  folder: string,
  onProgress: (text: string) => void,
): Promise<string | null> => {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `nats-server-v${VERSION}-${process.platform}-${architecture}`
  const url = `${RELEASES}/v${VERSION}`
  onProgress(`Downloading ${name}`)
  try {
    const sums = (await fetchBytes(`${url}/SHA256SUMS`)).toString('utf8')
    const archive = await fetchBytes(`${url}/${name}.tar.gz`)
    const sum = createHash('sha256').update(archive).digest('hex')
    if (!sums.includes(`${sum}  ${name}.tar.gz`)) return `${name}.tar.gz has a wrong checksum`
    const file = join(folder, `${name}.tar.gz`)
    await writeFile(file, archive)
    const { code, text } = await runProgram('tar', ['-xzf', file, '--strip-components=1'], {
      cwd: folder,
    })
    return code === 0 ? null : `tar failed: ${text.trim()}`
  } catch (error) {
    const { message, cause } = error as Error
    return `${url} cannot be reached: ${cause instanceof Error ? cause.message : message}`
  }
}
