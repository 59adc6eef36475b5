/**
 * A new key for what the institution signs. The old key signs that the new one follows it, and that signature stands in the log: whoever
 * trusts the old key can follow. From its entry on the new key signs; what the old one signed holds for ever.
 */
import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner } from '@gatehouse/crypto/node'
import { signingSecret } from '@gatehouse/runtime/data/keys/keys'
import { insertSigning, listSigning } from '@gatehouse/runtime/data/keys/store'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { z } from 'zod'
import { currentCheckpoint, logOrigin, logOriginOf } from '../../ledger/index.ts'
import { problems } from './problems.ts'
import { earlierDaysDefault, earlierDaysMax, generationsMax, secretOf, signingKeys } from './schema.ts'

export const rotateSigning = operation({
  name: 'keyring.rotate_signing',
  summary: 'Give the log, the vault or the evidence of the institution a new signing key',
  description:
    'The old key vouches for the new one in the log, so that `gatehouse-verify log` follows by itself. Checkpoints are signed by both for `earlier_days`, in which witnesses and ' +
    'auditors take the new key; with 0 the old one signs nothing more, for a key that may be in wrong hands. Old keys go on verifying what they signed.',
  input: z.strictObject({ key: z.enum(signingKeys), earlier_days: z.int().min(0).max(earlierDaysMax).default(earlierDaysDefault) }),
  output: z.strictObject({
    entry: idSchema('entry'),
    key: z.enum(signingKeys),
    generation: z.number().int(),
    old_vkey: z.string(),
    vkey: z.string().describe('The new verifier key, for the key files of those who check.'),
    endorsement: z.string().describe('The signature of the old key, in base64, over a text that names both.'),
  }),
  access: { action: 'update', on: () => ({ type: 'key' }) },
  audit: (_input, { entry: _, ...facts }) => ({ details: facts }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/keys/signing', status: 201 },
  example: { input: { key: 'log', earlier_days: 30 } },
  problems: [problems.rotated_meanwhile, problems.too_many_generations],
  async run({ tx, node, tenant, entry, now }, { key, earlier_days }) {
    const { primitives } = node.keys
    const name = secretOf[key]
    const generation = 1 + ((await listSigning(tx, name)).at(-1)?.generation ?? 1)
    if (generation > generationsMax) return refuse(problems.too_many_generations)
    const [old, fresh] = await Promise.all(
      [generation - 1, generation].map(async (one) => nodeSigner(await node.keys.secret(tenant, signingSecret(name, one)))),
    )
    if (old === undefined || fresh === undefined) throw new Error('a signing key has no seed')
    const keyName = key === 'log' ? logOriginOf(tenant, (await currentCheckpoint(tx))?.note ?? '') : `${logOrigin(tenant)}/${key}`
    const [oldVkey, vkey] = [old, fresh].map(({ publicKey }) => formatNoteKey(noteKey(primitives.sha256, keyName, publicKey)))
    if (oldVkey === undefined || vkey === undefined) throw new Error('a signing key has no name')
    const begun = { generation, entry_id: entry, begun_at: now, earlier_until: addSeconds(now, earlier_days * 86_400) }
    if (!(await insertSigning(tx, name, begun))) return refuse(problems.rotated_meanwhile)
    const endorsement = toBase64(old.sign(utf8(`gatehouse/key-succession/v1\n${oldVkey}\n${vkey}\n`)))
    return { entry, key, generation, old_vkey: oldVkey, vkey, endorsement }
  },
})
