/** A process for tests of telemetry: answers one request to itself, and tells the trace headers that it saw. */
import { createServer } from 'node:http'
import { injectTrace, runMain, withSpan } from '../../src/index.ts'
import { serverOf } from './demo-server.ts'

runMain(async (main) => {
  const downstream = createServer((request, response) => {
    response.end(request.headers['traceparent'] ?? 'none')
  })
  await new Promise<void>((resolve) => {
    downstream.listen(0, '127.0.0.1', resolve)
  })
  const { port } = downstream.address() as { port: number }
  const server = serverOf((app) => {
    app.post(
      '/v1/chain',
      { config: { access: 'public' }, schema: { summary: 'Call on' } },
      async () =>
        await withSpan('call downstream', {}, async () => {
          const answer = await fetch(`http://127.0.0.1:${port}`, { headers: injectTrace() })
          return { downstream: await answer.text() }
        }),
    )
  })
  main.onStop('server', () => server.close())
  main.onStop('downstream', () => void downstream.close())
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`${url}/v1/chain`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
    body: '{}',
  })
  process.stdout.write(`${await answer.text()}\n`)
  main.stop('done')
})
