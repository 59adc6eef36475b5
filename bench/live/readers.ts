/**
 * Open pages in a process of their own, so that what they cost is not taken for the node's. Each follows the log as a browser does;
 * on a message the process tells what has come so far.
 */
import { request } from 'node:http'

export interface Tally {
  readonly received: number
  /** Places of the log that came twice, out of order or not at all. */
  readonly broken: number
  /** From the writing of an entry to its arrival here, in ms, of every 50th arrival since the last tally. */
  readonly delays: readonly number[]
}

const [url = '', count = '0'] = process.argv.slice(2)
let received = 0
let broken = 0
let delays: number[] = []
let opened = 0

function take(event: string, last: number): number {
  const place = Number(/^id: (\d+)$/m.exec(event)?.[1])
  if (last !== -1 && place !== last + 1) broken++
  received++
  if (received % 50 === 0) delays.push(Date.now() - Date.parse(/"at":"([^"]+)"/.exec(event)?.[1] ?? ''))
  return place
}

for (let page = 0; page < Number(count); page++) {
  let held = ''
  let last = -1
  request(url, (answer) => {
    if (answer.statusCode !== 200) throw new Error(`the stream of events answered ${answer.statusCode}`)
    answer.setEncoding('utf8').on('data', (text: string) => {
      const events = (held + text).split('\n\n')
      held = events.pop() ?? ''
      for (const event of events) {
        if (event.startsWith('id: ')) last = take(event, last)
        else if (event === ': open' && ++opened === Number(count)) process.send?.('open')
      }
    })
  }).end()
}

process.on('message', () => {
  const tally: Tally = { received, broken, delays }
  process.send?.(tally)
  delays = []
})
process.on('disconnect', () => process.exit())
