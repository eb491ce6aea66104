import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './run-child.mjs'
import { withLock } from './with-lock.mjs'

const MANIFEST_PARENTS = ['packages', 'services', 'infra']
const MANIFEST_FOLDERS = ['.', 'tools', 'test']

/** Every file that decides what an install contains. */
const manifests = (root) => {
  const members = MANIFEST_PARENTS.flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
      : [],
  )
  return [...MANIFEST_FOLDERS, ...members]
    .map((folder) => join(root, folder, 'package.json'))
    .concat(join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'))
    .filter((file) => existsSync(file))
    .sort()
}

/** Contents rather than times: a fresh checkout and a switched branch give files new times. */
const fingerprint = (root) => {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of manifests(root))
    hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

const pnpmVersion = (root) => {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return packageManager.replace(/\+.*$/, '')
}

const runPnpm = async (root) => {
  const args = ['--yes', pnpmVersion(root), 'install', '--frozen-lockfile']
  args.push('--config.confirm-modules-purge=false')
  if (!process.stderr.isTTY) args.push('--reporter=append-only')
  // Standard output belongs to the command that is about to run.
  const stdio = ['ignore', 2, 2]
  let code
  try {
    code = await runChild('npx', args, { cwd: root, stdio })
  } catch (error) {
    throw new Error(
      error.code === 'ENOENT'
        ? '`npx` was not found. It comes with npm: install npm beside Node.js, then run this again.'
        : `npx could not be started: ${error.message}`,
    )
  }
  if (code !== 0) {
    throw new Error(
      `installing the dependencies failed (exit code ${code}); the reason is above. ` +
        'Check the network and the npm registry, then run this again: nothing is left half done.',
    )
  }
}

/** Installs the dependencies unless those of this very lockfile and these manifests are there. */
export const install = async (root) => {
  const stamp = join(root, 'node_modules', '.tapedeck-installed')
  const wanted = fingerprint(root)
  const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isInstalled()) return
  mkdirSync(join(root, '.tapedeck'), { recursive: true })
  await withLock(join(root, '.tapedeck', 'install.lock'), async () => {
    if (isInstalled()) return
    console.error('tapedeck: installing dependencies (the first time takes about a minute)')
    await runPnpm(root)
    writeFileSync(stamp, wanted)
  })
}
