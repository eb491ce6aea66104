import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { problemDocument, PROBLEM_MEDIA_TYPE } from './problem.ts'
import { newTraceId } from './send-problem.ts'

const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}

/** Answers bytes that are not HTTP with a problem too, and closes the connection. */
export const refuseConnection = (error: { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, phrase] = STATUS[error.code ?? ''] ?? [400, 'Bad Request']
  const problem = problemDocument(
    { code: 'MALFORMED_REQUEST', status, detail: `The request cannot be read: ${phrase}` },
    { requestId: randomUUID(), traceId: newTraceId() },
  )
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
