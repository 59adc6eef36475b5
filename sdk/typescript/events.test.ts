import { describe, expect, it } from 'vitest'
import { GatehouseError } from './client.ts'
import { type EventsOptions, events, type ServerEvent } from './events.ts'

type Answer = Response | Error | ((init: RequestInit) => Response)

/** A node that answers one attempt after the other as told. */
function node(...answers: Answer[]) {
  const asked: RequestInit[] = []
  const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    asked.push(init)
    const answer = answers.shift() ?? new Error('asked once too often')
    if (answer instanceof Error) throw answer
    return typeof answer === 'function' ? answer(init) : answer
  }
  const headers = () => asked.map((init) => (init.headers as Record<string, string>)['last-event-id'])
  return { fetch, headers, asked }
}

function stream(...chunks: (string | Uint8Array)[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

/** Sends, then says nothing more until it is aborted. */
function open(text: string) {
  return (init: RequestInit): Response => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text))
        init.signal?.addEventListener('abort', () => controller.error(new DOMException('over', 'AbortError')))
      },
    })
    return new Response(body)
  }
}

async function first(count: number, options: Omit<EventsOptions, 'url'>): Promise<ServerEvent[]> {
  const found: ServerEvent[] = []
  for await (const event of events({ url: 'http://node/stream', waitMs: 1, ...options })) {
    found.push(event)
    if (found.length === count) break
  }
  return found
}

const refused = (status: number) => new Response(JSON.stringify({ type: '/problems/x', title: 'No' }), { status })

describe('events', () => {
  it.each([401, 403, 404])('gives up when the node refuses with %d, and says why', async (status) => {
    const { fetch, asked } = node(refused(status))
    const error = await first(1, { fetch }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GatehouseError)
    expect((error as GatehouseError).problem).toEqual({ type: '/problems/x', title: 'No', status })
    expect(asked).toHaveLength(1)
  })

  it.each([429, 500, 503])('tries again after %d', async (status) => {
    const { fetch, asked } = node(refused(status), stream('id: 1\ndata: a\n\n'))
    expect(await first(1, { fetch })).toEqual([{ id: '1', type: 'message', data: 'a' }])
    expect(asked).toHaveLength(2)
  })

  it('goes on after a break where it stood, and says what it is doing', async () => {
    const states: string[] = []
    const { fetch, headers } = node(stream('id: 7\ndata: a\n\nid: 8\ndata: cut'), new TypeError('network'), stream('id: 8\ndata: b\n\n'))
    const found = await first(2, { fetch, onState: (state) => states.push(state) })
    expect(found.map(({ data }) => data)).toEqual(['a', 'b'])
    expect(headers()).toEqual([undefined, '7', '7'])
    expect(states).toEqual(['open', 'waiting', 'waiting', 'open'])
  })

  it('begins after a given event', async () => {
    const { fetch, headers } = node(stream('id: 3\ndata: a\n\n'))
    await first(1, { fetch, lastEventId: '2' })
    expect(headers()).toEqual(['2'])
  })

  it('takes a silent stream for dead', async () => {
    const { fetch, asked } = node(open(': open\n\n'), stream('id: 1\ndata: a\n\n'))
    expect(await first(1, { fetch, silenceMs: 20 })).toHaveLength(1)
    expect(asked).toHaveLength(2)
  })

  it('ends with the signal, without an error, while it reads and while it waits', async () => {
    for (const answer of [open('id: 1\ndata: a\n\n'), new TypeError('network')]) {
      const leaving = new AbortController()
      const { fetch } = node(answer)
      setTimeout(() => leaving.abort(), 20)
      const found = await first(2, { fetch, signal: leaving.signal, waitMs: 60_000 })
      expect(found.length).toBeLessThan(2)
    }
  })

  it('closes the connection when its reader leaves', async () => {
    let closed = false
    const { fetch } = node((init) => {
      init.signal?.addEventListener('abort', () => {
        closed = true
      })
      return stream('data: a\n\ndata: b\n\n')
    })
    await first(1, { fetch })
    expect(closed).toBe(true)
  })

  it('waits longer with each failure, at most as long as told, spread by chance', async () => {
    const began = performance.now()
    const { fetch } = node(new Error(), new Error(), new Error(), stream('data: a\n\n'))
    await first(1, { fetch, waitMs: 20, waitMsMax: 30, random: () => 0 })
    const ms = performance.now() - began
    // Half of 20, of 30 and of 30.
    expect(ms).toBeGreaterThan(35)
    expect(ms).toBeLessThan(400)
  })

  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('reads lines that end with %s, however the bytes are cut', async (_name, end) => {
    const text = [': hello', 'id: 1', 'event: entry', 'data: {"a":', 'data: "ñ"}', '', 'data', '', 'data: x', '', ''].join(end)
    const bytes = new TextEncoder().encode(text)
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
      expect(await first(2, { fetch: node(stream(...chunks)).fetch })).toEqual([
        { id: '1', type: 'entry', data: '{"a":\n"ñ"}' },
        { id: '1', type: 'message', data: '' },
      ])
    }
  })
})
