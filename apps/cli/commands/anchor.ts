/** Checkpoints made known outside: how the anchors stand, a turn now, and the contract put on a chain. */
import { createInterface } from 'node:readline/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { count, type Output } from '../terminal/output.ts'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'

interface Deployment {
  readonly rpc: string
  readonly chainId: number
  readonly dryRun?: true
  readonly yes?: true
}

export function addAnchor(program: Command): void {
  const anchor = program.command('anchor').description('checkpoints of the log, made known on a chain or by time stamps')

  anchor
    .command('list')
    .description('where checkpoints are anchored, how far each is, and what keeps it')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const found = await readAnchors(client)
        if (found.targets.length === 0)
          out.say('Checkpoints are not anchored anywhere yet. A target is added on the page Anchors of the portal, or by POST /v1/anchors/targets.')
        else showAnchors(out, found)
        out.result(found)
      }),
    )

  anchor
    .command('now')
    .description('anchor the newest checkpoint at every target, and look at what is under way; the node does so every minute by itself')
    .action(
      act(async ({ out, connect }) => {
        const { client } = await connect()
        const done = must(await client.POST('/v1/anchors/run', {}))
        out.say(`${done.sent} sent, ${done.confirmed} confirmed, ${done.lost} lost, ${done.failed} failed. "gatehouse anchor list" shows each.`)
        if (done.failed > 0) process.exitCode = 1
        out.result(done)
      }),
    )

  anchor
    .command('deploy')
    .description('put the contract on an EVM chain from the account of the institution; shows what it costs, and asks')
    .requiredOption('--rpc <url>', 'a node of the chain; its host must stand in GATEHOUSE_EGRESS_ALLOW of the node')
    .requiredOption('--chain-id <number>', 'the chain it must be, such as 11155111 for Sepolia', wholeNumber)
    .option('--dry-run', 'only show what it would cost and where it would stand')
    .option('--yes', 'do not ask')
    .action(
      act(async ({ out, connect }, { rpc, chainId, dryRun, yes }: Deployment) => {
        const { client } = await connect()
        const ask = async (dry: boolean) => must(await client.POST('/v1/anchors/deployments', { body: { rpc_url: rpc, chain_id: chainId, dry_run: dry } }))
        const plan = await ask(true)
        out.table(
          ['deployment', `on chain ${chainId}`],
          [
            ['account', plan.account],
            ['has', amount(plan.balance)],
            ['gas', count(plan.gas)],
            ['costs at most', amount(plan.cost_max)],
            ['contract', plan.contract],
          ],
        )
        if (dryRun === true || !plan.affordable) {
          if (!plan.affordable) out.say(`\nThe account cannot pay for it yet: send it money on chain ${chainId}.`)
          if (!plan.affordable && dryRun !== true) process.exitCode = 1
          out.result(plan)
          return
        }
        if (yes !== true && !(await agreed(`Send it on chain ${chainId}?`))) {
          out.say('Nothing was sent.')
          out.result(plan)
          return
        }
        const done = await ask(false)
        out.say(
          done.mined
            ? `\nThe contract stands at ${done.contract}; it took ${count(done.gas_used ?? 0)} gas. Add it as a target, on the page Anchors of the portal or by POST /v1/anchors/targets.`
            : `\nSent as ${done.transaction}; no block has taken it yet. It will stand at ${done.contract}.`,
        )
        out.result(done)
      }),
    )
}

async function readAnchors(client: GatehouseClient) {
  const targets = must(await client.GET('/v1/anchors/targets')).data
  const anchors = await allPages((cursor) => client.GET('/v1/anchors', { params: { query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } } }), 100)
  return { targets, anchors }
}

/** Why one is not confirmed matters for as long as it is on its way. */
const onItsWay = ['pending', 'sent']

function showAnchors(out: Output, { targets, anchors }: Awaited<ReturnType<typeof readAnchors>>): void {
  out.table(
    ['target', 'kind', 'host', 'largest confirmed', 'waiting', 'account'],
    targets.map((row) => [row.name, row.kind, row.host, row.last_size === null ? '–' : count(row.last_size), row.waiting, row.account ?? '–']),
  )
  for (const row of targets) if (row.fault !== null) out.say(`  ${row.name}: ${row.last_error} (${row.fault})`)
  out.say()
  const names = new Map(targets.map(({ id, name }) => [id, name]))
  out.table(
    ['size', 'target', 'state', 'attempts', 'lost', 'depth', 'what keeps it'],
    anchors.map((row) => [
      count(row.size),
      names.get(row.target) ?? row.target,
      row.state,
      row.attempts,
      row.losses,
      row.depth ?? '–',
      onItsWay.includes(row.state) ? (row.last_error ?? '') : '',
    ]),
  )
}

/** In the chain's coin, where it has eighteen places as on every EVM chain. */
function amount(wei: string): string {
  const text = wei.padStart(19, '0')
  return `${text.slice(0, -18)}.${text.slice(-18, -10)}`
}

async function agreed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new Error('Nobody is there to be asked: give --yes, or --dry-run to look only.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} (yes/no) `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
