import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** The first Node that runs our TypeScript sources and jest's native ES modules as they are. */
const NODE_MIN = [24, 9]

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number)
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
}

/** The Node that runs the project: the caller's when it is new enough, else the installed one. */
export const projectNode = (root, running = process.versions.node) => {
  if (isNewEnough(running)) return process.execPath
  const installed = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(installed)) return realpathSync(installed)
  throw new Error(
    `Node.js ${running} cannot run Tapedeck and no prebuilt Node.js 24 exists in the npm registry for ` +
      `${process.platform}-${process.arch}. Install Node.js ${NODE_MIN.join('.')} or newer ` +
      `(${process.platform === 'darwin' ? '`brew install node@24`' : 'https://nodejs.org'}), then run this again.`,
  )
}
