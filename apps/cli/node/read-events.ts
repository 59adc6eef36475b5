/** Reads server-sent events (WHATWG HTML section 9.2): the data of each, as it arrives. */
import { GatehouseError, type ProblemDocument } from '@gatehouse/sdk/client'
import type { Connection } from './connection.ts'

export async function* readEvents({ credential, transport }: Connection, path: string): AsyncGenerator<string, void> {
  const headers = { authorization: `Bearer ${credential.key}`, accept: 'text/event-stream' }
  const answer = await transport(new Request(new URL(path, credential.origin), { headers }))
  if (!answer.ok || answer.body === null) throw new GatehouseError((await answer.json()) as ProblemDocument)
  let held = ''
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (held + text).split('\n\n')
    held = events.pop() ?? ''
    for (const event of events) {
      const data = event.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
      if (data.length > 0) yield data.join('\n')
    }
  }
}
