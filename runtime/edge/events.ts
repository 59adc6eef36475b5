/** Server-sent events (WHATWG HTML, section 9.2). */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { newSignal, type Signal } from '../work/signal.ts'

export interface StreamedEvent {
  readonly id: string
  readonly type: string
  /** One line: JSON has no other. Text, so that what goes to many is written out once. */
  readonly data: string
}

/** Sent while nothing happens, so that proxies in between do not take the connection for dead. */
const heartbeatMs = 15_000
/** How long a client that does not read is waited for once its session has ended. */
const farewellMs = 300
/** The last event of a stream whose follower would no longer be let in. Without an id: there is nothing to go on from. */
const farewell = 'event: session-ended\ndata: {}\n\n'

/** Calls `end` when the follower would no longer be let in. @returns what ends the watch */
export type Watch = (end: () => void) => () => void

/** What comes together leaves in one write. The iterable is returned as soon as the client leaves, so nothing runs on for nobody. */
export function sendEvents(events: AsyncIterable<readonly StreamedEvent[]>, reply: FastifyReply, watch: Watch): FastifyReply {
  const stream: Stream = { bell: newSignal() }
  const over = (why: 'left' | 'ended') => {
    stream.over ??= why
    stream.bell.ring()
  }
  let cut: NodeJS.Timeout | undefined
  const unwatch = watch(() => {
    over('ended')
    cut = setTimeout(() => reply.raw.destroy(), farewellMs)
  })
  reply.raw.once('close', () => {
    clearTimeout(cut)
    unwatch()
    over('left')
  })
  return reply
    .type('text/event-stream')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(encodeEvents(events[Symbol.asyncIterator](), stream)))
}

interface Stream {
  /** Rings when something has come, or when it is over. */
  readonly bell: Signal
  over?: 'left' | 'ended'
}

/**
 * Waits by a bell and not by a race of promises: one that stays pending as long as the stream lives would gather one reaction
 * for each event.
 */
async function* encodeEvents(iterator: AsyncIterator<readonly StreamedEvent[]>, stream: Stream): AsyncIterable<string> {
  const come: { step?: IteratorResult<readonly StreamedEvent[]> | undefined; fault?: { readonly error: unknown } } = {}
  const pull = () => {
    come.step = undefined
    iterator
      .next()
      .then(
        (step) => {
          come.step = step
        },
        (error: unknown) => {
          come.fault = { error }
        },
      )
      .then(stream.bell.ring)
  }
  pull()
  try {
    yield ': open\n\n'
    while (stream.over === undefined) {
      if (come.fault !== undefined) throw come.fault.error
      if (come.step === undefined) {
        await stream.bell.wait(heartbeatMs)
        if (come.step === undefined && come.fault === undefined && stream.over === undefined) yield ': still here\n\n'
        continue
      }
      if (come.step.done) return
      yield come.step.value.map(({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`).join('')
      pull()
    }
    if (stream.over === 'ended') yield farewell
  } finally {
    await iterator.return?.()
  }
}
