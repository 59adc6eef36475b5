import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { toHex, utf8Text } from '@gatehouse/crypto/bytes'
import { operation } from '@gatehouse/runtime/door/operation'
import { parseCheckpoint } from '@gatehouse/transparency/checkpoint'
import { z } from 'zod'
import { logOrigin } from '../key.ts'
import { ledgerProblems } from '../problems.ts'
import { indexSchema } from '../schema.ts'
import { readHead } from '../store.ts'
import { wholeLog } from '../visibility.ts'
import { headName } from './claim.ts'
import { clearHalt, clearPrepared, insertSuccession, readHalt, readSuccession } from './store.ts'

/**
 * The tree goes on where the database has it, under an origin of its own; under the old origin nothing is signed any more. So no two
 * checkpoints of one origin ever contradict each other, and the first entry under the new one says what the old one had come to.
 */
export const succeed = operation({
  name: 'ledger.succeed',
  summary: 'Let a log that is behind its own head go on under a new origin',
  description:
    'For a database that was put back from a backup: under the old origin more was signed than it knows, and signing on would fork the log. The first entry of the successor names the old checkpoint.',
  input: z.strictObject({
    stored_size: indexSchema.describe('The size that the store of heads names, as `ledger.standing` tells it: proof that somebody has looked.'),
  }),
  output: z.strictObject({
    entry: idSchema('entry'),
    origin: z.string(),
    old_origin: z.string(),
    old_size: z.number().int(),
    old_root: z.string().describe('Hexadecimal.'),
    size: z.number().int().describe('How many entries of the old log the database still has; the successor begins behind them.'),
  }),
  access: { action: 'update', on: wholeLog },
  audit: (_, { entry: _entry, ...succession }) => ({ details: succession }),
  http: { method: 'POST', path: '/v1/ledger/succeed', status: 201 },
  example: { input: { stored_size: 1_234 } },
  problems: [ledgerProblems.not_behind],
  async run({ tx, node, tenant, entry, now }, { stored_size }) {
    const [halt, succession, head] = await Promise.all([readHalt(tx), readSuccession(tx), readHead(tx)])
    const current = succession?.generation ?? 1
    const stored = await node.heads.read(headName(tenant, current))
    const lost = stored === undefined ? undefined : parseCheckpoint(utf8Text(stored.value) ?? '')
    if (halt?.reason !== 'behind' || lost === undefined || lost.size !== stored_size) throw new Problem(ledgerProblems.not_behind)
    // An older copy of this database may have had successors that this one knows nothing of.
    const taken = (await node.heads.list(`log/${tenant}/`)).map((name) => Number(name.split('/')[2]))
    const generation = Math.max(current, ...taken) + 1
    await Promise.all([insertSuccession(tx, { generation, entry_id: entry }, now), clearPrepared(tx), clearHalt(tx)])
    return {
      entry,
      origin: logOrigin(tenant, generation),
      old_origin: lost.origin,
      old_size: lost.size,
      old_root: toHex(lost.root),
      size: head?.size ?? 0,
    }
  },
})
