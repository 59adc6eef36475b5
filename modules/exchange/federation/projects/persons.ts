/** People of other nodes: each is approved by this institution before anything is done on their behalf. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { addOutsider, colleagues, setOutsider } from '../../../governance/identity/index.ts'
import { projectById } from '../../../governance/projects/index.ts'
import { nodeNameSchema } from '../../coordinator/index.ts'
import { send } from '../messages/send.ts'
import { problems } from '../problems.ts'
import { personSchema } from './projects.ts'
import { accountOfPerson, lockPerson, type PersonRow, setPerson } from './store.ts'

const peersMax = 50
const personExample = { person: '0198c1de-7b3a-7c4d-8e5f-000000000001' }

export const proposePerson = operation({
  name: 'federation.propose_person',
  summary: 'Propose a member of a project to the peers that joined it',
  description: 'They are told the name. What the person asks for later carries no name.',
  input: z.strictObject({
    project: idSchema('project'),
    user: idSchema('user'),
    peers: z.array(nodeNameSchema).min(1).max(peersMax),
    /** As the identity provider of the mesh knows them, where it is to say who they are. */
    known_as: z.strictObject({ issuer: z.url().max(300), subject: z.string().min(1).max(200) }).optional(),
  }),
  output: z.strictObject({ proposed: z.array(z.string()) }),
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: ({ project, user, peers }) => ({ object: { kind: 'project', id: project }, details: { user, peers } }),
  http: { method: 'POST', path: '/v1/mesh/projects/:project/persons' },
  example: { input: { project: personExample.person, user: '01980000-0000-7000-8000-0000000000aa', peers: ['hillside'] } },
  problems: [problems.project_unknown, doorProblems.not_found, problems.not_a_peer],
  async run({ tx, node, tenant }, { project, user, peers, known_as }) {
    if ((await projectById(tx, project)) === undefined) return refuse(problems.project_unknown)
    const [known] = await colleagues(tx, tenant, [user])
    if (known === undefined) return refuse(doorProblems.not_found)
    const names = [...new Set(peers)]
    for (const to of names)
      await send(tx, node, tenant, {
        to,
        kind: 'person.propose',
        thread: `project ${project}`,
        body: { project, subject: user, ...known_as, name: known.name },
      })
    return { proposed: names }
  },
})

const facts = ({ person }: { readonly person: string }, { peer, state, user }: z.output<typeof personSchema>) => ({
  object: { kind: 'mesh_person', id: person },
  details: { peer, state, ...(user === null ? {} : { user }) },
})

export const approvePerson = operation({
  name: 'federation.approve_person',
  summary: 'Approve a person of a peer in a project',
  description:
    'They get an account here without a way to sign in, and no right by it: whoever keeps the project makes the account a member of it, as others are made, with the approval of the holders of its data.',
  input: z.strictObject({ person: idSchema('member') }),
  output: personSchema,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: facts,
  stepUp: true,
  http: { method: 'POST', path: '/v1/mesh/persons/:person/approve' },
  example: { input: personExample },
  problems: [doorProblems.not_found, problems.person_state],
  run: (ctx, { person }) =>
    change(ctx, person, async (row) => {
      if (row.state === 'approved') return refuse(problems.person_state, 'the person is approved')
      const { tx, tenant, now } = ctx
      const known = row.user_id ?? (await accountOfPerson(tx, row.peer_id, row.issuer, row.subject))
      const user = known ?? ctx.newId<'user'>()
      if (known === undefined) await addOutsider(tx, tenant, { id: user, name: row.name, of: row.peer }, now)
      else await setOutsider(tx, tenant, user, null)
      return { ...row, state: 'approved', user_id: user }
    }),
})

export const revokePerson = operation({
  name: 'federation.revoke_person',
  summary: 'Revoke a person of a peer: nothing is done on their behalf any more',
  description: 'What they had begun in the project ends within seconds, here and at their own node, also where the account stays a member of it.',
  input: z.strictObject({ person: idSchema('member') }),
  output: personSchema,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: facts,
  http: { method: 'POST', path: '/v1/mesh/persons/:person/revoke' },
  example: { input: personExample },
  problems: [doorProblems.not_found],
  run: (ctx, { person }) => change(ctx, person, async (row) => ({ ...row, state: 'revoked' as const })),
})

async function change(ctx: TransactionContext, id: string, next: (row: PersonRow) => Promise<PersonRow | ReturnType<typeof refuse>>) {
  const row = await lockPerson(ctx.tx, id)
  if (row === undefined) throw new Problem(doorProblems.not_found)
  const changed = await next(row)
  if (!('peer_id' in changed)) return changed
  await setPerson(ctx.tx, changed, ctx.now)
  ctx.publish({ type: 'federation.person_changed', subject: row.id, data: { person: row.id, peer: row.peer, state: changed.state } })
  const { peer_id: _, subject: __, user_id, ...shown } = changed
  return { ...shown, user: user_id }
}
