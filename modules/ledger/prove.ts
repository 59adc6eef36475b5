import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { evidenceIn } from './evidence.ts'
import { logVkey } from './key.ts'
import { ledgerProblems } from './problems.ts'
import { proofSchema } from './schema.ts'
import { readEntry } from './store.ts'
import { ledgerEntries, opaque, visibleTo } from './visibility.ts'

export const prove = operation({
  name: 'ledger.prove',
  summary: 'Prove that an entry stands in the log',
  description:
    'The leaf is SHA-256(0x00 ‖ body). With the proof it gives the root in the checkpoint (RFC 9162 section 2.1.3.2), whose signature holds under the verifier key.',
  input: z.strictObject({ entry: idSchema('entry') }),
  output: proofSchema.extend({ checkpoint: z.string(), vkey: z.string() }),
  access: { action: 'read', on: ledgerEntries },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/logs/:entry/proof' },
  example: { input: { entry: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, ledgerProblems.not_integrated],
  async run({ tx, node, tenant, principal }, { entry }) {
    const [row, evidence] = await Promise.all([readEntry(tx, entry, visibleTo(principal)), evidenceIn(tx, node, tenant, [entry])])
    if (row === undefined) throw new Problem(doorProblems.not_found)
    const [proven] = evidence.entries
    if (proven === undefined) throw new Problem(ledgerProblems.not_integrated)
    return { ...proven, checkpoint: evidence.checkpoint, vkey: await logVkey(node, tenant, evidence.checkpoint) }
  },
})
