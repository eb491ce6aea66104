/** A process for tests of `runMain`; what it does is its argument. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger, loadConfig, BASE_CONFIG, runMain } from '../../src/index.ts'

const mode = process.argv[2]
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

runMain(
  async (main) => {
    if (mode === 'config') loadConfig(BASE_CONFIG, { TAPEDECK_PORT: 'x' })
    main.useLogger(
      createLogger({ level: 'info', format: 'json', instanceId: 'i', environment: 'test' }),
    )
    main.onStop('first', () => say('stop first'))
    if (mode === 'fail') throw new Error('cannot start')
    if (mode === 'waiting') {
      say('started')
      await new Promise((_resolve, reject) => {
        main.stopping.addEventListener('abort', () => reject(new Error('gave up')))
      })
    }
    main.onStop('second', async () => {
      if (mode === 'hung' || mode === 'stuck') await sleep(600_000)
      say('stop second')
    })
    const keepAlive = setInterval(() => undefined, 1000)
    main.onStop('timer', () => clearInterval(keepAlive))
    say('started')
    if (mode === 'reject') void Promise.reject(new Error('nobody caught this'))
    if (mode === 'throw')
      setImmediate(() => {
        throw new Error('nobody caught that')
      })
  },
  { stopTimeoutMs: mode === 'hung' ? 300 : 600_000 },
)
