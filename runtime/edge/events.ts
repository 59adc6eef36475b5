/** Server-sent events (WHATWG HTML, section 9.2). */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

export interface StreamedEvent {
  readonly id: string
  readonly type: string
  /** One line: JSON has no other. Text, so that what goes to many is written out once. */
  readonly data: string
}

/** Sent while nothing happens, so that proxies in between do not take the connection for dead. */
const heartbeatMs = 15_000

/** What comes together leaves in one write. The iterable is returned as soon as the client leaves, so nothing runs on for nobody. */
export function sendEvents(events: AsyncIterable<readonly StreamedEvent[]>, reply: FastifyReply): FastifyReply {
  const left = new Promise<'left'>((resolve) => reply.raw.once('close', () => resolve('left')))
  return reply
    .type('text/event-stream')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(encodeEvents(events[Symbol.asyncIterator](), left)))
}

async function* encodeEvents(iterator: AsyncIterator<readonly StreamedEvent[]>, left: Promise<'left'>): AsyncIterable<string> {
  let next = iterator.next()
  try {
    yield ': open\n\n'
    while (true) {
      const step = await nextWithin(next, left)
      if (step === 'left') return
      if (step === 'silence') {
        yield ': still here\n\n'
        continue
      }
      if (step.done) return
      yield step.value.map(({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`).join('')
      next = iterator.next()
    }
  } finally {
    next.catch(() => {})
    await iterator.return?.()
  }
}

async function nextWithin<T>(next: Promise<T>, left: Promise<'left'>): Promise<T | 'left' | 'silence'> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), heartbeatMs)
  })
  try {
    return await Promise.race([next, left, silence])
  } finally {
    clearTimeout(timer)
  }
}
