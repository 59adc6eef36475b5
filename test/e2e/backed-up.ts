/** A node that is backed up, goes on working, erases somebody and dies; and what is put back of it. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { must } from '@gatehouse/sdk/client'
import { type NodeProcess, newHome, root, startNode, until } from './node.ts'
import { certified, eraseAll, type Plantation, plant } from './planted.ts'
import { programOf } from './program.ts'
import { addPartner } from './scenario.ts'

const run = promisify(execFile)

export interface BackedUp {
  /** The folder of the backup. */
  readonly backup: string
  /** After the backup `later-bank` was added; then comes this moment; then the first of the planted people was erased. */
  readonly moment: string
  /** How far the log had been signed when the node was killed. */
  readonly size: number
  readonly planted: Plantation
  /** The erasure that came after the moment. */
  readonly erasures: readonly string[]
  /** A new home with what an operator puts there before a restore: the keys and the store of heads, which are backed up apart. */
  emptyHome(bring?: readonly string[]): Promise<string>
  start(home: string): Promise<NodeProcess>
  remove(): Promise<void>
}

export async function gatehouse(home: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...programOf('cli'), '--home', home, ...args], { cwd: root, env: { PATH: process.env.PATH } })
  return stdout
}

export const standing = async (node: NodeProcess) => must(await node.operator.GET('/v1/ledger/standing', {}))

export async function backedUp(): Promise<BackedUp> {
  const place = await mkdtemp(join(tmpdir(), 'gatehouse-backups-'))
  const node = await startNode()
  const started = [node]
  const folders = [place]
  const signed = () => until(async () => (await standing(node)).waiting === 0)
  const planted = await plant(node, 2)
  await gatehouse(node.home, 'backup', '--to', place)
  await addPartner(node, 'later-bank')
  await signed()
  const moment = new Date().toISOString()
  const erasures = await eraseAll(node, planted.second, planted.people.slice(0, 1))
  await certified(node, erasures)
  await signed()
  const { size } = await standing(node)
  await gatehouse(node.home, 'backup', '--wal', '--to', place)
  await node.kill()
  return {
    backup: join(place, (await readdir(place)).find((name) => name !== 'wal') ?? ''),
    moment,
    size,
    planted,
    erasures,
    async emptyHome(bring = ['keys', 'heads']) {
      const home = await newHome()
      folders.push(home)
      for (const name of bring) await cp(join(node.home, name), join(home, name), { recursive: true })
      return home
    },
    async start(home) {
      const restored = await startNode({ home })
      started.push(restored)
      return restored
    },
    async remove() {
      for (const one of started) await one.remove()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}
