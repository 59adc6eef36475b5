/** This node in a mesh: its name and card, and a visit to its mailboxes, also where it sleeps. */
import { writeFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { findNode } from '../node/connection.ts'
import { homeOf } from '../node/home.ts'
import { wake } from '../node/wake.ts'
import { several } from '../terminal/output.ts'
import { act, type Cli } from './act.ts'

export function addNode(program: Command): void {
  const node = program
    .command('node')
    .description('this node in a mesh: its name, its card, and a visit to its mailboxes')
    .option('--once', 'look into the mailboxes, work off what came, deliver the answers, and end; a node that does not run is woken for it')
    .action(
      act(async (cli, { once }: { once?: true }) => {
        if (once !== true) throw new Error('Say what: --once, or one of the commands that --help lists.')
        await visitOnce(cli)
      }),
    )

  node
    .command('name')
    .description('give this node its name in the mesh, or change its title and mailbox; the name never changes')
    .argument('<name>', 'lower-case letters, digits and "-"')
    .requiredOption('--title <title>', 'what people call the institution')
    .option('--mailbox <origin>', 'where others leave messages for this node, such as https://coordinator.example.org')
    .action(
      act(async ({ out, connect }, name: string, { title, mailbox }: { title: string; mailbox?: string }) => {
        const { client } = await connect()
        const identity = must(await client.POST('/v1/mesh/identity', { body: { name, title, mailbox: mailbox ?? null } }))
        out.say(`This node is "${identity.name}". Its fingerprint, for whoever approves it elsewhere:\n${identity.fingerprint}`)
        out.result(identity)
      }),
    )

  node
    .command('card')
    .description('show the name and fingerprint, or write the card for another institution')
    .option('--out <file>', 'where to write it')
    .action(
      act(async ({ out, connect }, { out: file }: { out?: string }) => {
        const { client } = await connect()
        const identity = must(await client.GET('/v1/mesh/identity'))
        if (file !== undefined) await writeFile(file, `${identity.card}\n`)
        out.say(`${identity.name} – ${identity.title}${identity.mailbox === null ? '' : `, mailbox ${identity.mailbox}`}\nfingerprint ${identity.fingerprint}`)
        if (file !== undefined) out.say(`${file} written. Whoever takes it compares the fingerprint with you on another way.`)
        out.result(identity)
      }),
    )

  node
    .command('updates')
    .description('releases that the coordinator offers, whose signature holds; nothing is installed')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const found = must(await client.GET('/v1/mesh/updates'))
        out.say(`This node is ${found.version}.`)
        out.table(
          ['release', 'newer', 'of', 'files', 'notes'],
          found.releases.map((row) => [row.version, row.newer ? 'yes' : '', row.released_at, String(row.files.length), row.notes]),
        )
        if (found.refused > 0) out.say(`${found.refused} more are signed by no key of GATEHOUSE_RELEASE_KEYS, and are not shown.`)
        out.result(found)
      }),
    )

  node
    .command('rotate')
    .description('change the keys of this node; approved peers are told by a message that the old key signs')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const identity = must(await client.POST('/v1/mesh/identity/rotate'))
        out.say(`Keys of generation ${identity.generation}. The fingerprint is now\n${identity.fingerprint}`)
        out.result(identity)
      }),
    )
}

async function visitOnce({ out, home: named }: Cli): Promise<void> {
  const home = await homeOf(named)
  const running = await findNode(home)
  if (running !== undefined) {
    const seen = must(await running.client.POST('/v1/mesh/visit'))
    out.say(`The node runs, and works off what came by itself. ${told(seen)}`)
    for (const error of seen.errors) out.say(`  ${error}`)
    out.result({ running: true, ...seen })
    if (seen.errors.length > 0) process.exitCode = 1
    return
  }
  const worked = await wake(home)
  out.say(
    `${told(worked)} ${several(worked.handled, 'message')} handled, ${worked.refused} refused; of those sent ${worked.acknowledged} acknowledged, ${worked.refusedByPeers} refused, ${worked.expired} expired. ${worked.seconds.toFixed(1)} s.`,
  )
  for (const error of worked.errors) out.say(`  ${error}`)
  out.result({ running: false, ...worked })
  if (worked.errors.length > 0) process.exitCode = 1
}

const told = ({ polled, left, received }: { readonly polled: number; readonly left: number; readonly received: number }): string =>
  `${several(polled, 'mailbox', 'mailboxes')} asked: ${several(left, 'message')} left, ${received} taken.`
