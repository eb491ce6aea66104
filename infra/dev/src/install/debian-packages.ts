import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Where packages come from: the machine's own release, or Debian's newest in a configuration of its own. */
export type DebianRelease = 'machine' | 'sid'

/** Whether packages of this release can be had here at all. */
export const hasDebianPackages = (release: DebianRelease): boolean =>
  process.platform === 'linux' &&
  findProgram('apt-get') !== null &&
  findProgram('dpkg-deb') !== null &&
  (release === 'machine' || existsSync(DEBIAN_KEYRING))

/** The Debian mirror that this machine is set up with, or null on another distribution. */
const machineMirror = async (): Promise<string | null> => {
  const { text } = await runProgram('apt-get', [
    'indextargets',
    '--no-release-info',
    '--format',
    '$(REPO_URI)',
  ])
  return (
    text
      .split('\n')
      .find((uri) => /^https?:.*\/debian\/?$/.test(uri.trim()))
      ?.trim() ?? null
  )
}

/**
 * Options that keep apt's lists and downloads in `folder`, so that nothing on the machine changes and
 * no rights are needed. With a mirror: sid's sources there, and an empty package state.
 */
const isolated = async (folder: string, mirror: string | null): Promise<string[]> => {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true })
  await mkdir(join(folder, 'archives', 'partial'), { recursive: true })
  const settings = [
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::Cache=${folder}`,
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'Debug::NoLocking=1',
  ]
  if (mirror !== null) {
    const sources = join(folder, 'sid.list')
    await writeFile(sources, `deb [signed-by=${DEBIAN_KEYRING}] ${mirror} sid main\n`)
    await writeFile(join(folder, 'status'), '')
    settings.push(
      `Dir::Etc::sourcelist=${sources}`,
      'Dir::Etc::sourceparts=/dev/null',
      `Dir::State::status=${join(folder, 'status')}`,
    )
  }
  return settings.flatMap((setting) => ['-o', setting])
}

/** The packages that installing `name` would add to this machine, dependencies included. */
const packagesFor = async (options: readonly string[], name: string): Promise<string[]> => {
  const args = [...options, 'install', '--simulate', '--no-install-recommends', name]
  const { text } = await runProgram('apt-get', args, { env: { ...process.env, LC_ALL: 'C' } })
  return [...text.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!)
}

/**
 * Downloads a Debian package and those it needs, and unpacks them below `folder`: nothing is
 * installed, no service is started. Returns null, or why it was not possible.
 */
export const unpackDebianPackage = async (
  name: string,
  release: DebianRelease,
  folder: string,
  onProgress: (text: string) => void,
): Promise<string | null> => {
  const apt = join(folder, 'apt')
  const mirror = release === 'sid' ? await machineMirror() : null
  if (release === 'sid' && mirror === null) return 'apt on this machine names no Debian mirror'
  const options = await isolated(apt, mirror)
  // The machine's own lists serve when they are there; else, and for sid, fetch lists of our own.
  let wanted = release === 'machine' ? await packagesFor([], name) : [name]
  const useOwnLists = release === 'sid' || wanted.length === 0
  if (useOwnLists) {
    onProgress(`Reading the package lists of Debian (${release})`)
    const { code, text } = await runProgram('apt-get', [...options, 'update'])
    if (release === 'machine') wanted = await packagesFor(options, name)
    if (code !== 0 && wanted.length === 0) return `apt-get update failed: ${lastLine(text)}`
    if (wanted.length === 0) return `apt knows no package ${name}`
  }
  onProgress(`Downloading ${wanted.join(', ')}`)
  let result = await download(apt, useOwnLists ? options : [], wanted)
  if (result.code !== 0 && !useOwnLists) {
    // Lists that are old name files which the mirror no longer has.
    await runProgram('apt-get', [...options, 'update'])
    result = await download(apt, options, await packagesFor(options, name))
  }
  if (result.code !== 0) return `apt-get download failed: ${lastLine(result.text)}`
  for (const file of await readdir(apt)) {
    if (!file.endsWith('.deb')) continue
    const unpacked = await runProgram('dpkg-deb', ['-x', join(apt, file), folder])
    if (unpacked.code !== 0) return `dpkg-deb -x ${file} failed: ${lastLine(unpacked.text)}`
  }
  await rm(apt, { recursive: true, force: true })
  return null
}

const download = async (
  apt: string,
  options: readonly string[],
  names: readonly string[],
): ReturnType<typeof runProgram> =>
  await runProgram('apt-get', ['-o', 'APT::Sandbox::User=root', ...options, 'download', ...names], {
    cwd: apt,
  })

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
