/** The institution's name, card and keys in the mesh. */
import { Problem } from '@gatehouse/core/problem'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type Card, cardTextSchema, fingerprintOf, mailboxSchema, nodeNameSchema, protocolVersions, signCard } from '../../coordinator/index.ts'
import { pollNow } from '../mailboxes/store.ts'
import { post } from '../messages/send.ts'
import { listPeers } from '../peers/store.ts'
import { problems } from '../problems.ts'
import { type NodeKeys, nodeKeys } from './keys.ts'
import { ownIdentity, requireIdentity } from './own.ts'
import { changeIdentity, type IdentityRow, insertIdentity } from './store.ts'

const title = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')

export const identitySchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  generation: z.int(),
  mailbox: z.string().nullable(),
  card: cardTextSchema,
  fingerprint: z.string().describe('What the administrators of a peer compare before they approve this node'),
  since: instantSchema,
})
type Identity = z.output<typeof identitySchema>

const shown = ({ created_at, ...row }: IdentityRow): Identity => ({ ...row, since: created_at })
const access = (action: 'read' | 'update') => ({ action, on: () => ({ type: 'mesh' }) })

export const readIdentity = operation({
  name: 'federation.identity',
  summary: 'The name and the card of this node in the mesh',
  input: z.strictObject({}),
  output: identitySchema,
  access: access('read'),
  audit: { none: 'it reads a name and public keys' },
  http: { method: 'GET', path: '/v1/mesh/identity' },
  example: { input: {} },
  problems: [problems.no_identity],
  run: async ({ tx, node, tenant }) => shown((await requireIdentity(tx, node, tenant)).identity),
})

export const nameNode = operation({
  name: 'federation.name_node',
  summary: 'Give this node its name in the mesh, or change its title and mailbox',
  description:
    'The first time, the node makes its keys. The name never changes. `mailbox` is the origin of the coordinator, or of a node with a mailbox of its own, where others leave messages for this one; absent where this node only polls those of its peers.',
  input: z.strictObject({ name: nodeNameSchema, title, mailbox: mailboxSchema.nullable().default(null) }),
  output: identitySchema,
  access: access('update'),
  audit: (_input, { name, generation, fingerprint }) => ({ object: { kind: 'mesh', id: name }, details: { generation, fingerprint } }),
  http: { method: 'POST', path: '/v1/mesh/identity' },
  example: { input: { name: 'lakeside', title: 'Lakeside Clinic', mailbox: 'https://coordinator.example.org' } },
  problems: [problems.name_fixed],
  async run(ctx, { name, title, mailbox }) {
    const { tx, node, tenant, now } = ctx
    const own = await ownIdentity(tx, node, tenant)
    if (own !== undefined && own.identity.name !== name) return refuse(problems.name_fixed)
    const keys = own?.keys[0] ?? (await nodeKeys(node, tenant, 1))
    const row = await made(ctx, keys, { name, title, mailbox }, own?.keys[1])
    if (own !== undefined) await changeIdentity(tx, row)
    else if (!(await insertIdentity(tx, row))) throw new Problem(problems.name_fixed)
    await pollNow(tx, now)
    return shown(own === undefined ? row : { ...row, created_at: own.identity.created_at })
  },
})

export const rotateIdentity = operation({
  name: 'federation.rotate',
  summary: 'Change the keys of this node',
  description:
    'The next card is signed by the key before it, too, and sent to every approved peer. What is on its way under the old keys still counts for a month. Where a key may be known to somebody else, peers revoke this node instead and approve a new card.',
  input: z.strictObject({}),
  output: identitySchema,
  access: access('update'),
  audit: (_input, { name, generation, fingerprint }) => ({ object: { kind: 'mesh', id: name }, details: { generation, fingerprint } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/mesh/identity/rotate' },
  example: { input: {} },
  problems: [problems.no_identity],
  async run(ctx) {
    const { tx, node, tenant, now } = ctx
    const { identity, keys } = await requireIdentity(tx, node, tenant)
    const row = await made(ctx, await nodeKeys(node, tenant, identity.generation + 1), identity, keys[0])
    if (!(await insertIdentity(tx, row))) throw new Problem(problems.name_fixed)
    // Signed by the key before, as everything is until the peer has said that it knows the new one.
    for (const peer of await listPeers(tx))
      if (peer.state === 'approved' || peer.state === 'suspended')
        await post(tx, node, tenant, peer, { to: peer.name, kind: 'card.rotate', thread: 'card', body: { card: row.card } })
    await pollNow(tx, now)
    return shown(row)
  },
})

async function made(
  { now }: TransactionContext,
  keys: NodeKeys,
  { name, title, mailbox }: Pick<IdentityRow, 'name' | 'title' | 'mailbox'>,
  before: NodeKeys | undefined,
): Promise<IdentityRow> {
  const { generation, signing, sealing } = keys
  const card: Card = { name, title, generation, signing: signing.jwk, sealing: sealing.jwk, versions: [...protocolVersions], mailbox, valid_from: now }
  const text = await signCard(card, [signing, ...(before === undefined ? [] : [before.signing])])
  return { generation, name, title, mailbox, card: text, fingerprint: fingerprintOf(card), created_at: now }
}
