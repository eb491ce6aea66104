import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { natsLines } from '@tapedeck/testkit'
import { until } from '@tapedeck/test-data'
import type { Bus, GivenUp, TakenJob, WorkJob } from '../src/index.ts'
import { rejection, withBus } from './with-bus.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)
const lines = await natsLines()
const job = (study: string, id: string, lane = study): WorkJob => ({
  lane,
  study,
  id,
  bytes: bytes(`do ${id}`),
})

/** Does jobs as told until stopped. */
const worker = (
  bus: Bus,
  lanes: readonly string[],
  onJob: (job: TakenJob) => Promise<void>,
  options: { concurrency?: number; deliveriesMax?: number; ackWaitMs?: number } = {},
) => {
  const stopping = new AbortController()
  const done = bus.work.take({
    lanes,
    concurrency: 1,
    ackWaitMs: 1_000,
    retryPauseMs: 20,
    ...options,
    onJob,
    signal: stopping.signal,
  })
  return async (): Promise<void> => {
    stopping.abort()
    await done
  }
}

const collect = async (bus: Bus, study: string) => {
  const results = new Map<string, string>()
  const givenUp: GivenUp[] = []
  const following = await bus.work.follow(study, {
    onResult: ({ id, bytes: data }) => results.set(id, text(data)),
    onGivenUp: (dead) => givenUp.push(dead),
  })
  return { results, givenUp, following }
}

for (const { line, missing } of lines) {
  const suite = missing === null ? describe : describe.skip
  suite(`work queue on nats-server (${line})${missing === null ? '' : `: ${missing}`}`, () => {
    const { server, bus } = withBus(line)

    const ready = async (): Promise<Bus> => {
      const admin = await bus('admin')
      await admin.work.provision(400_000_000)
      return admin
    }

    it('the same job is one job while it waits, and one result for ever', async () => {
      const queue = await ready()
      await queue.work.provision(400_000_000)
      expect(await queue.work.add(job('once', 'a'))).toBe(true)
      expect(await queue.work.add(job('once', 'a'))).toBe(false)
      expect(await queue.work.lane('once')).toEqual({ waiting: 1, inHand: 0, idleWorkers: 0 })

      let calls = 0
      const { results, following } = await collect(queue, 'once')
      const stop = worker(await bus('admin'), ['once'], async (taken) => {
        calls += 1
        await taken.finish(bytes(`${text(taken.bytes)}: call ${calls}`))
      })
      await until(() => results.size === 1)
      // It is gone from the queue, so it may be asked for again; its result is there already.
      expect(await queue.work.add(job('once', 'a'))).toBe(true)
      await queue.work.add(job('once', 'b'))
      await until(() => results.size === 2)
      await stop()
      await following.stop()
      expect(Object.fromEntries(results)).toEqual({ a: 'do a: call 1', b: 'do b: call 2' })
      const later = await collect(queue, 'once')
      expect([...later.results.keys()]).toEqual(['a', 'b'])
      await later.following.stop()
    })

    it('only whoever serves the lane gets a job; all free hands of one worker work', async () => {
      const queue = await ready()
      const { results, following } = await collect(queue, 'hands')
      for (let i = 0; i < 12; i += 1) {
        await queue.work.add(job('hands', `j${i}`, i % 2 === 0 ? 'even' : 'odd'))
      }
      let inHand = 0
      let most = 0
      const stop = worker(
        await bus('admin'),
        ['even'],
        async (taken) => {
          inHand += 1
          most = Math.max(most, inHand)
          // Until all hands have been at work together, and a moment for one too many.
          await until(() => most >= 3)
          await sleep(50)
          inHand -= 1
          await taken.finish(bytes('x'))
        },
        { concurrency: 3 },
      )
      await until(() => results.size === 6)
      await stop()
      expect([...results.keys()].toSorted()).toEqual(['j0', 'j10', 'j2', 'j4', 'j6', 'j8'])
      expect(most).toBe(3)
      expect((await queue.work.lane('odd')).waiting).toBe(6)
      await queue.work.clear()
      expect((await queue.work.lane('odd')).waiting).toBe(0)
      await following.stop()
    })

    it('a long job stays in one hand; a silent one goes to another', async () => {
      const queue = await ready()
      const { results, following } = await collect(queue, 'slow')
      await queue.work.add(job('slow', 'long'))
      const attempts: number[] = []
      const first = await bus('admin')
      // A busy machine may keep a sign of life back for a second or two.
      const patient = { ackWaitMs: 4_000 }
      const doLong = async (taken: TakenJob): Promise<void> => {
        attempts.push(taken.attempt)
        // Longer than the server waits for a sign of life.
        await sleep(6_000)
        await taken.finish(bytes('first'))
      }
      const stopFirst = worker(first, ['slow'], doLong, patient)
      await until(() => attempts.length > 0)
      const again = async (taken: TakenJob): Promise<void> => {
        attempts.push(taken.attempt)
        await taken.finish(bytes(`second on attempt ${taken.attempt}`))
      }
      const stopSecond = worker(await bus('admin'), ['slow'], again, patient)
      await until(() => results.has('long'))
      await Promise.all([stopFirst(), stopSecond()])
      expect(attempts).toEqual([1])

      await queue.work.add(job('slow', 'dropped'))
      const dying = await bus('admin')
      let hasStarted = false
      void worker(dying, ['slow'], async () => {
        hasStarted = true
        await new Promise(() => {
          // Never answers.
        })
      })
      await until(() => hasStarted)
      await dying.close()
      const stop = worker(await bus('admin'), ['slow'], async (taken) => {
        await taken.finish(bytes(`on attempt ${taken.attempt}`))
      })
      await until(() => results.has('dropped'))
      await stop()
      await following.stop()
      // Some more where the server offered it to inboxes that were just being left.
      expect(results.get('dropped')).toMatch(/^on attempt [2-5]$/)
    })

    it('gives up with the reason, and takes the job again when it is asked for again', async () => {
      const queue = await ready()
      const first = await collect(queue, 'bad')
      await queue.work.add(job('bad', 'throws'))
      await queue.work.add(job('bad', 'refused'))
      let calls = 0
      const stop = worker(
        await bus('admin'),
        ['bad'],
        async (taken) => {
          calls += 1
          if (taken.id === 'refused') {
            return await taken.giveUp({ reason: 'TAPE_MISSING', detail: 'no tape "é"\nhere' })
          }
          if (calls < 10) throw new Error(`attempt ${taken.attempt}`)
          await taken.finish(bytes('fine now'))
        },
        { deliveriesMax: 3 },
      )
      await until(() => first.givenUp.length === 2)
      expect(first.givenUp.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: 'refused', reason: 'TAPE_MISSING', detail: 'no tape "é"\nhere', attempts: 1 },
        { id: 'throws', reason: 'WORKER_FAILED', detail: 'attempt 3', attempts: 3 },
      ])
      await first.following.stop()
      calls = 10
      const second = await collect(queue, 'bad')
      await queue.work.add(job('bad', 'throws'))
      await until(() => second.results.size === 1)
      expect(second.givenUp).toEqual([])
      await stop()
      await second.following.stop()
    })

    it('goes on through restarts of the server, and does nothing twice in effect', async () => {
      const queue = await ready()
      const { results, following } = await collect(queue, 'storm')
      const done = new Map<string, number>()
      const onJob = async (taken: TakenJob): Promise<void> => {
        await sleep(5)
        done.set(taken.id, (done.get(taken.id) ?? 0) + 1)
        await taken.finish(bytes(taken.id))
      }
      const stops = [
        worker(await bus('admin'), ['storm'], onJob, { concurrency: 2 }),
        worker(await bus('admin'), ['storm'], onJob),
      ]
      const adding = (async () => {
        for (let i = 0; i < 300; i += 1) await queue.work.add(job('storm', `s${i}`))
      })()
      for (let round = 0; round < 3; round += 1) {
        await sleep(200)
        await server().kill('SIGKILL')
        await sleep(100)
        await server().restart()
      }
      await adding
      await until(() => results.size === 300)
      await Promise.all(stops.map(async (stop) => await stop()))
      await following.stop()
      for (const [id, result] of results) expect(result).toBe(id)
      // A blow may cost a few attempts, not the work of everybody.
      expect([...done.values()].reduce((sum, count) => sum + count, 0)).toBeLessThan(450)
    }, 300_000)

    it('names what cannot be a job', async () => {
      const queue = await ready()
      expect(await rejection(queue.work.add(job('a.b', 'x', 'lane')))).toMatchObject({
        code: 'VALIDATION_FAILED',
        message: expect.stringContaining('study of a job is "a.b"') as unknown,
      })
      const big = { ...job('big', 'x'), bytes: new Uint8Array(9 * 1024 * 1024) }
      expect(await rejection(queue.work.add(big))).toMatchObject({ code: 'MESSAGE_OVERSIZED' })
    })
  })
}
