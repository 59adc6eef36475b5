/** Wakes a node that does not run, for one visit to its mailboxes, and lets it sleep again. */
import { spawn } from 'node:child_process'
import { programOf, root } from './programs.ts'

export interface Woken {
  readonly polled: number
  readonly left: number
  readonly received: number
  readonly faults: number
  readonly errors: readonly string[]
  readonly handled: number
  readonly refused: number
  readonly acknowledged: number
  readonly refusedByPeers: number
  readonly expired: number
  readonly seconds: number
}

/** @throws Error with what the node said, where it did not come to an end of its own */
export async function wake(home: string): Promise<Woken> {
  const child = spawn(process.execPath, [...programOf('server'), '--once'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GATEHOUSE_HOME: home, GATEHOUSE_LOG_LEVEL: process.env.GATEHOUSE_LOG_LEVEL ?? 'warn' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-16_000)
    })
  }
  const interrupt = () => child.kill('SIGINT')
  process.once('SIGINT', interrupt)
  await new Promise((resolve) => child.once('close', resolve))
  process.off('SIGINT', interrupt)
  const line = said.split('\n').find((one) => one.startsWith('{"once":'))
  if (line === undefined) throw new Error(`The node could not be woken.\n${said.trim()}`)
  return (JSON.parse(line) as { once: Woken }).once
}
