/** The process: reads its configuration, starts the node, says where it is, and stops cleanly on a signal. With `--once` it is woken for one visit. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mailboxLoop } from '@gatehouse/modules/exchange/federation/index'
import { ConfigError, readConfig } from '@gatehouse/runtime/base/config'
import { type RunningNode, type StartInput, startNode } from './node.ts'
import { workOff } from './work-off.ts'

/** The folder that holds the workspaces: above `apps/server/dist` when compiled, above `apps/server` from source. */
function rootOf(directory: string): string {
  if (existsSync(join(directory, 'package-lock.json')) || dirname(directory) === directory) return directory
  return rootOf(dirname(directory))
}

function say(node: RunningNode, seconds: string): void {
  const lines = [`Gatehouse is up after ${seconds} s.`, '', `  Portal and API   ${node.origin}`, `  API reference    ${node.origin}/docs`]
  if (node.exchange !== undefined) {
    lines.push(`  Exchange         ${node.exchange.host}:${node.exchange.port} (TLS 1.3)`, `  Its certificate  SHA-256 ${node.exchange.fingerprint}`)
  }
  lines.push(`  Data and keys    ${node.home}`)
  if (node.firstRun !== undefined) lines.push('', '  First administrator: open this once and choose a password', `  ${node.firstRun}`)
  lines.push('', 'Stop with Ctrl-C. Try: npx gatehouse demo', '')
  console.log(lines.join('\n'))
}

async function main(): Promise<void> {
  const started = performance.now()
  const once = process.argv.includes('--once')
  const progress = (step: string) => console.log(`  … ${step}`)
  let node: RunningNode | undefined
  let stopping = false
  const stop = (code: number) => {
    if (stopping) return
    stopping = true
    if (!once) console.log('Stopping: letting open work end …')
    ;(node?.stop() ?? Promise.resolve()).finally(() => {
      if (!once) console.log('Stopped.')
      process.exit(code)
    })
  }
  process.on('SIGINT', () => stop(0))
  process.on('SIGTERM', () => stop(0))
  const input: StartInput = { config: readConfig(), root: rootOf(import.meta.dirname), onProgress: progress, onLost: () => stop(1) }
  if (once) {
    // No door is opened: whoever wakes it only wants what waits to be done.
    node = await startNode({ ...input, config: { ...input.config, roles: ['worker'] }, without: [mailboxLoop.name] })
    const worked = await workOff(node.node)
    console.log(JSON.stringify({ once: worked }))
    return stop(worked.errors.length > 0 ? 1 : 0)
  }
  node = await startNode(input)
  if (!stopping) say(node, ((performance.now() - started) / 1000).toFixed(1))
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `The settings cannot be read:\n${error.message}` : `The node could not start: ${(error as Error).message}`)
  process.exit(1)
})
