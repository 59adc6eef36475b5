/**
 * A new key for what the institution or the node signs. The old key signs that the new one follows it, and that signature stands in
 * the log: whoever trusts the old key can follow. From its entry on the new key signs; what the old one signed holds for ever. Only a
 * key of credentials that may be in wrong hands is taken back: no log vouches for when it signed.
 */

import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner } from '@gatehouse/crypto/node'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { signingSecret } from '@gatehouse/runtime/data/keys/keys'
import { insertSigning, listSigning } from '@gatehouse/runtime/data/keys/store'
import { operation, type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { z } from 'zod'
import { appendEntry, currentCheckpoint, logOrigin, logOriginOf } from '../../ledger/index.ts'
import { problems } from './problems.ts'
import { certificatesKeyName, earlierDaysDefault, earlierDaysMax, generationsMax, secretOf, signingKeys } from './schema.ts'

const output = z.strictObject({
  entry: idSchema('entry'),
  key: z.enum(signingKeys),
  generation: z.number().int(),
  old_vkey: z.string(),
  vkey: z.string().describe('The new verifier key, for the key files of those who check.'),
  endorsement: z.string().describe('The signature of the old key, in base64, over a text that names both.'),
})

export const rotateSigning = operation({
  name: 'keyring.rotate_signing',
  summary: 'Give the log, the vault, evidence, credentials or certificates of erasure a new signing key',
  description:
    'The old key vouches for the new one in the log, so that `gatehouse-verify log` follows by itself. Checkpoints are signed by both for `earlier_days`, in which witnesses and ' +
    'auditors take the new key; with 0 the old one signs nothing more, for a key that may be in wrong hands. Old keys go on verifying what they signed; only a key of credentials that is changed with 0 is ' +
    'taken out of the DID document, and what it signed is refused. The key of certificates is the node’s: operators change it, and the node’s own log names it.',
  input: z.strictObject({ key: z.enum(signingKeys), earlier_days: z.int().min(0).max(earlierDaysMax).default(earlierDaysDefault) }),
  output,
  access: { action: 'update', on: ({ key }) => ({ type: key === 'certificates' ? 'node_key' : 'key' }) },
  audit: (_input, { entry: _, ...facts }) => ({ details: facts }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/keys/signing', status: 201 },
  example: { input: { key: 'log', earlier_days: 30 } },
  problems: [problems.rotated_meanwhile, problems.too_many_generations],
  async run(ctx, { key, earlier_days }) {
    if (key !== 'certificates') return begun(ctx, { tx: ctx.tx, tenant: ctx.tenant, entry: ctx.entry }, key, earlier_days)
    return ctx.node.database.transaction(nodeTenant, async (tx) => {
      const entry = ctx.newId<'entry'>()
      const told = await begun(ctx, { tx, tenant: nodeTenant, entry }, key, earlier_days)
      if (!('vkey' in told)) return told
      const { entry: _, ...details } = told
      const actor = { kind: 'system' as const, id: 'keyring' }
      await appendEntry(tx, { id: entry, tenant: nodeTenant, type: 'keyring.rotate_signing', at: ctx.now, actor, facts: { details } }, ctx.node)
      return told
    })
  },
})

/** Whose key it is, and the entry of whose log names the new one. */
interface Whose {
  readonly tx: Tx
  readonly tenant: Id<'tenant'>
  readonly entry: Id<'entry'>
}

async function begun(
  { node, now }: TransactionContext,
  { tx, tenant, entry }: Whose,
  key: (typeof signingKeys)[number],
  earlierDays: number,
): Promise<z.output<typeof output> | Refusal> {
  const { primitives } = node.keys
  const name = secretOf[key]
  const generation = 1 + ((await listSigning(tx, name)).at(-1)?.generation ?? 1)
  if (generation > generationsMax) return refuse(problems.too_many_generations)
  const [old, fresh] = await Promise.all([generation - 1, generation].map(async (one) => nodeSigner(await node.keys.secret(tenant, signingSecret(name, one)))))
  if (old === undefined || fresh === undefined) throw new Error('a signing key has no seed')
  const keyName = await keyNameOf(tx, tenant, key)
  const [oldVkey, vkey] = [old, fresh].map(({ publicKey }) => formatNoteKey(noteKey(primitives.sha256, keyName, publicKey)))
  if (oldVkey === undefined || vkey === undefined) throw new Error('a signing key has no name')
  const row = { generation, entry_id: entry, begun_at: now, earlier_until: addSeconds(now, earlierDays * 86_400) }
  if (!(await insertSigning(tx, name, row))) return refuse(problems.rotated_meanwhile)
  const endorsement = toBase64(old.sign(utf8(`gatehouse/key-succession/v1\n${oldVkey}\n${vkey}\n`)))
  return { entry, key, generation, old_vkey: oldVkey, vkey, endorsement }
}

async function keyNameOf(tx: Tx, tenant: Id<'tenant'>, key: (typeof signingKeys)[number]): Promise<string> {
  if (key === 'certificates') return certificatesKeyName
  return key === 'log' ? logOriginOf(tenant, (await currentCheckpoint(tx))?.note ?? '') : `${logOrigin(tenant)}/${key}`
}
