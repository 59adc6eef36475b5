import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { count } from '../terminal/output.ts'
import { act } from './act.ts'

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('whether the node answers, and what it holds')
    .action(
      act(async ({ out, connect }) => {
        const { home, credential, client } = await connect()
        const [tenant, types, log, waiting] = await Promise.all([
          client.GET('/v1/tenant'),
          client.GET('/v1/vault/record-types'),
          client.GET('/v1/ledger/checkpoint'),
          client.GET('/v1/approvals', { params: { query: { limit: 100 } } }),
        ])
        const status = {
          origin: credential.origin,
          exchange: credential.exchange ?? null,
          home,
          tenant: must(tenant).name,
          record_types: [...new Set(must(types).data.map(({ record_type }) => record_type))],
          log_size: must(log).size,
          waiting_approvals: must(waiting).data.length,
        }
        out.table(
          ['', ''],
          [
            ['Portal and API', status.origin],
            ['Exchange', status.exchange === null ? 'not in this process' : `${status.exchange.host}:${status.exchange.port}`],
            ['Its certificate', status.exchange === null ? null : `SHA-256 ${status.exchange.fingerprint}`],
            ['Data and keys', status.home],
            ['Institution', status.tenant],
            ['Record types', status.record_types.join(', ') || 'none yet'],
            ['Log', `${count(status.log_size)} entries under the newest checkpoint`],
            ['Waiting', `${status.waiting_approvals} requests for a further person`],
          ],
        )
        out.result(status)
      }),
    )
}
