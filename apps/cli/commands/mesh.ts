/** The mesh as this node sees it, and who belongs to it: peers of the institution, and nodes of a coordinator. */
import { readFile } from 'node:fs/promises'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { act } from './act.ts'
import { addLocalMesh } from './mesh-local.ts'
import { addMeshProjects } from './mesh-projects.ts'

export function addMesh(program: Command): void {
  const mesh = program.command('mesh').description('other nodes: peers, joined projects, and the nodes of a coordinator')

  mesh
    .command('map')
    .description('this node, its peers and mailboxes, and what is on its way')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const map = must(await client.GET('/v1/mesh/map'))
        out.say(map.self === null ? 'This institution has no name in a mesh yet: gatehouse node name.' : `This node is "${map.self.name}".`)
        out.table(
          ['mailbox', 'standing', 'last asked', 'what is wrong'],
          map.mailboxes.map((row) => [row.address, row.standing ?? '', row.last_poll_at ?? '', row.last_error ?? '']),
        )
        out.table(
          ['peer', 'state', 'last heard', 'waiting'],
          map.peers.map((row) => [row.name, row.state, row.last_heard_at ?? '', String(row.waiting)]),
        )
        if (map.faults.length > 0)
          out.table(
            ['came in the name of', 'what was wrong', 'times', 'last'],
            map.faults.map((row) => [row.sender, row.reason, String(row.count), row.last_at]),
          )
        out.result(map)
      }),
    )

  addPeers(mesh)
  addMeshProjects(mesh)
  addNodes(mesh)
  addLocalMesh(mesh)
}

function addPeers(mesh: Command): void {
  const peers = mesh.command('peers').description('nodes whose fingerprint this institution has compared, or is to compare')

  peers
    .command('list', { isDefault: true })
    .description('the peers of this node')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/mesh/peers'))
        out.table(
          ['peer', 'title', 'state', 'keys', 'fingerprint'],
          data.map((row) => [row.name, row.title, row.state, String(row.generation), row.fingerprint]),
        )
        out.result(data)
      }),
    )

  peers
    .command('propose')
    .description('propose a node from its card, or by its name at the coordinator')
    .argument('<name-or-file>', 'the name of a node of the coordinator, or with --card the file of a card')
    .option('--card', 'what is named is a file')
    .option('--mailbox <origin>', 'where the two exchange messages')
    .action(
      act(async ({ out, connect }, named: string, { card, mailbox }: { card?: true; mailbox?: string }) => {
        const { client } = await connect()
        const what = card === true ? { card: (await readFile(named, 'utf8')).trim() } : { name: named }
        const peer = must(await client.POST('/v1/mesh/peers', { body: { ...what, ...(mailbox === undefined ? {} : { mailbox }) } }))
        out.say(`${peer.name} is ${peer.state}. Compare its fingerprint with the institution on another way than this one:\n${peer.fingerprint}`)
        out.say(`Then: gatehouse mesh peers approve ${peer.name} --fingerprint …`)
        out.result(peer)
      }),
    )

  peers
    .command('approve')
    .description('approve a peer whose fingerprint was compared')
    .argument('<peer>')
    .requiredOption('--fingerprint <hex>', 'as the other institution told it, 64 characters')
    .action(
      act(async ({ out, connect }, peer: string, { fingerprint }: { fingerprint: string }) => {
        const { client } = await connect()
        const changed = must(await client.POST('/v1/mesh/peers/{peer}/approve', { params: { path: { peer } }, body: { fingerprint } }))
        out.say(`${changed.name} is ${changed.state}.`)
        out.result(changed)
      }),
    )

  peers
    .command('suspend')
    .description('refuse messages of a peer until it is approved again')
    .argument('<peer>')
    .action(
      act(async ({ out, connect }, peer: string) => {
        const { client } = await connect()
        const changed = must(await client.POST('/v1/mesh/peers/{peer}/suspend', { params: { path: { peer } } }))
        out.say(`${changed.name} is ${changed.state}.`)
        out.result(changed)
      }),
    )

  peers
    .command('revoke')
    .description('end a peer: its keys count for nothing any more')
    .argument('<peer>')
    .action(
      act(async ({ out, connect }, peer: string) => {
        const { client } = await connect()
        const changed = must(await client.POST('/v1/mesh/peers/{peer}/revoke', { params: { path: { peer } } }))
        out.say(`${changed.name} is ${changed.state}.`)
        out.result(changed)
      }),
    )
}

function addNodes(mesh: Command): void {
  const nodes = mesh.command('nodes').description('the nodes of this coordinator, for its operators')

  nodes
    .command('list', { isDefault: true })
    .description('who has registered, how each is, and how much waits for it')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const { data } = must(await client.GET('/v1/coordinator/nodes'))
        out.table(
          ['node', 'state', 'last poll', 'version', 'waiting', 'fingerprint'],
          data.map((row) => [row.name, row.state, row.last_poll_at ?? '', row.health?.version ?? '', String(row.waiting), row.fingerprint]),
        )
        out.result(data)
      }),
    )

  nodes
    .command('admit')
    .description('admit a node whose fingerprint was compared')
    .argument('<node>')
    .requiredOption('--fingerprint <hex>', 'as the institution told it, 64 characters')
    .action(
      act(async ({ out, connect }, node: string, { fingerprint }: { fingerprint: string }) => {
        const { client } = await connect()
        const admitted = must(await client.POST('/v1/coordinator/nodes/{node}/admit', { params: { path: { node } }, body: { fingerprint } }))
        out.say(`${admitted.name} is admitted.`)
        out.result(admitted)
      }),
    )

  nodes
    .command('exclude')
    .description('exclude a node: it leaves and takes nothing any more')
    .argument('<node>')
    .option('--forget', 'free its name, and drop what waits for it')
    .action(
      act(async ({ out, connect }, node: string, { forget }: { forget?: true }) => {
        const { client } = await connect()
        out.result(must(await client.POST('/v1/coordinator/nodes/{node}/exclude', { params: { path: { node } }, body: { forget: forget === true } })))
        out.say(forget === true ? `${node} is forgotten.` : `${node} is excluded.`)
      }),
    )
}
