/**
 * The front door of a fresh clone: `node infra/dev/bootstrap.mjs <command> [arguments]`.
 *
 * Installs what is missing (pnpm and Node 24 come from the npm registry), then runs the command with
 * Node 24. Plain JavaScript without dependencies, because it runs before anything is installed and on
 * whatever Node the machine has. Called by `npm start`, `npm test` and `./tapedeck`.
 */
const NODE_MAJOR_MIN = 20
const running = process.versions.node

if (Number(running.split('.')[0]) < NODE_MAJOR_MIN) {
  console.error(
    `tapedeck: Node.js ${running} is too old: ${NODE_MAJOR_MIN} or newer is needed to install the rest. ` +
      'Install Node.js 24 from your package manager or https://nodejs.org, then run this again.',
  )
  process.exit(1)
}

import('./bootstrap/run.mjs')
  .then(({ run }) => run(process.argv.slice(2)))
  .then((code) => {
    process.exitCode = code
  })
  .catch((error) => {
    console.error(`tapedeck: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
