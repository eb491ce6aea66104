import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './install.mjs'
import { projectNode } from './project-node.mjs'
import { runTests } from './run-tests.mjs'
import { runChild } from './run-child.mjs'

/** The repository's root, wherever the caller stands. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** Commands that are no part of the product: programs of their own. */
const PROGRAMS = { bench: 'bench/src/main.ts', simulate: 'test/simulation/run.ts' }

/** Installs if needed, runs `[command, ...args]` with the project's Node, returns its exit code. */
export const run = async ([command = 'help', ...args]) => {
  await install(root)
  const node = projectNode(root)
  const env = {
    // Types are stripped and code is compiled once, not at every start: less than half the time to load.
    NODE_COMPILE_CACHE: join(root, '.tapedeck', 'compile-cache'),
    ...process.env,
    // Whatever a command starts as plain `node` must be the same Node.
    PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
  }
  if (Object.hasOwn(PROGRAMS, command))
    return await runChild(node, [join(root, PROGRAMS[command]), ...args], { env })
  if (command === 'test') return await runTests({ root, node, env, args })
  return await runChild(node, [join(root, 'packages/cli/src/main.ts'), command, ...args], { env })
}
