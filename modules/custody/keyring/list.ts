import { instantOf } from '@gatehouse/core/instant'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Epoch } from '@gatehouse/runtime/data/keys/epochs'
import { isTakenBack, type KekFacts, listSigning } from '@gatehouse/runtime/data/keys/store'
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { rotationSchema, rotationsShownMax, secretOf, signingKeys } from './schema.ts'
import { listRotations } from './store.ts'

const epochSchema = z.strictObject({
  number: z.number().int(),
  begun_at: instantSchema,
  key_ends_at: instantSchema.describe('From then on no backup of this epoch opens any more.'),
})
const toldOf = ({ number, begunMs, endsMs }: Epoch) => ({ number, begun_at: instantOf(begunMs), key_ends_at: instantOf(endsMs) })

export const listKeys = operation({
  name: 'keyring.list',
  kind: 'steps',
  summary: 'Tell which keys there are, how old they are, and how far a change of them has come',
  description: 'Names, versions and ages. No key ever leaves the node.',
  input: z.strictObject({}),
  output: z.strictObject({
    root: z.strictObject({ kind: z.string().describe('Where the root key lies: file, pkcs11 or transit.') }),
    epochs: z.array(epochSchema).describe('The institution’s own: its keys lie under them.'),
    node_epochs: z.array(epochSchema).describe('The node’s: its backups are sealed under them as wholes.'),
    next_epoch_at: instantSchema.nullable(),
    tenant_keys: z.array(
      z.strictObject({
        version: z.number().int(),
        epoch: z.number().int().nullable(),
        of_node_epoch: z.boolean().describe('True for a key from before institutions had epochs of their own.'),
        created_at: instantSchema,
        retired_at: instantSchema.nullable(),
        destroyed_at: instantSchema.nullable(),
        under: z
          .array(z.strictObject({ table: z.string(), count: z.int() }))
          .describe('What lies under this version, by table: keys of persons and named secrets; nothing once it is destroyed.'),
      }),
    ),
    rotations: z.array(rotationSchema).describe('Newest first.'),
    signing_keys: z
      .array(
        z.strictObject({
          key: z.enum(signingKeys),
          generation: z.number().int(),
          from_entry: idSchema('entry').nullable().describe('The entry of the log that names it; null for the first.'),
          begun_at: instantSchema.nullable(),
          signs_along_until: instantSchema.nullable().describe('For one of the log that has a successor: until when it signs along.'),
          verifies: z.boolean().describe('False for a key of credentials that was taken back: what it signed is refused.'),
        }),
      )
      .describe('Each signs from its entry on. The key of certificates of erasure is the node’s, and so is its entry.'),
    named_secrets: z
      .array(z.strictObject({ name: z.string(), created_at: instantSchema }))
      .describe('Signing seeds, index keys and roots of masks, each for one use.'),
  }),
  access: { action: 'read', on: () => ({ type: 'key' }) },
  audit: { none: 'it tells names, versions and ages of keys' },
  http: { method: 'GET', path: '/v1/keys' },
  example: { input: {} },
  async run(ctx) {
    const { keys } = ctx.node
    const { life } = keys.epochs
    const [epochs, nodeEpochs, ages, secrets, rotations] = await Promise.all([
      keys.epochs.of(ctx.tenant).list(),
      keys.epochs.list(),
      ctx.step((tx) => keys.ages(tx)),
      ctx.step((tx) => keys.secretAges(tx)),
      ctx.step((tx) => listRotations(tx, rotationsShownMax)),
    ])
    const newest = epochs.at(-1)
    return {
      root: { kind: keys.rootKind },
      epochs: epochs.map(toldOf),
      node_epochs: nodeEpochs.map(toldOf),
      next_epoch_at: newest === undefined ? null : instantOf(newest.begunMs + life.lastsMs),
      tenant_keys: await ctx.step((tx) => withContents(tx, ctx.node.wrappedKeys, ages)),
      rotations: [...rotations],
      signing_keys: await toldSigning(ctx),
      named_secrets: [...secrets],
    }
  },
})

type Age = Omit<KekFacts, 'rewrapped_at' | 'own_epoch'> & { of_node_epoch: boolean }

async function toldSigning(ctx: StepsContext) {
  const told = await Promise.all(
    signingKeys.map(async (key) => {
      const list = (tx: Tx) => listSigning(tx, secretOf[key])
      const rows = await (key === 'certificates' ? ctx.node.database.transaction(nodeTenant, list) : ctx.step(list))
      return [undefined, ...rows].map((row, at) => ({
        key,
        generation: row?.generation ?? 1,
        from_entry: row?.entry_id ?? null,
        begun_at: row?.begun_at ?? null,
        signs_along_until: key === 'log' ? (rows[at]?.earlier_until ?? null) : null,
        verifies: key !== 'credentials' || !isTakenBack(rows[at]),
      }))
    }),
  )
  return told.flat()
}

/** What lies under each version that still exists. */
async function withContents(tx: Tx, tables: readonly WrappedKeys[], ages: readonly KekFacts[]) {
  const told: (Age & { under: { table: string; count: number }[] })[] = []
  for (const { rewrapped_at: _, own_epoch, ...age } of ages) {
    const under: { table: string; count: number }[] = []
    if (age.destroyed_at === null) {
      for (const { table, countOlder } of tables) {
        const count = (await countOlder(tx, age.version + 1)) - (await countOlder(tx, age.version))
        if (count > 0) under.push({ table, count })
      }
    }
    told.push({ ...age, of_node_epoch: age.epoch !== null && own_epoch === null, under })
  }
  return told
}
