/** Projects in which several nodes work together: each institution joins with a project of its own, and its own rules hold there. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { projectById } from '../../../governance/projects/index.ts'
import { nodeNameSchema } from '../../coordinator/index.ts'
import { send } from '../messages/send.ts'
import { peerNamed } from '../peers/store.ts'
import { problems } from '../problems.ts'
import { type JoinRow, joinOf, joinStates, listInvited, listJoins, listPersons, personStates, putInvited, setJoin } from './store.ts'

const joinSchema = z.strictObject({
  peer: z.string(),
  foreign_project: z.uuid(),
  title: z.string(),
  purpose: z.string(),
  state: z.enum(joinStates),
  project: idSchema('project').nullable().describe('The project of this institution in which messages of that one act'),
  invited_at: instantSchema,
})
export const personSchema = z.strictObject({
  id: idSchema('member'),
  peer: z.string(),
  issuer: z.string(),
  foreign_project: z.uuid(),
  name: sensitive(z.string()),
  state: z.enum(personStates),
  user: idSchema('user').nullable().describe('The account here that they act as; it becomes a member of the project like others'),
  proposed_at: instantSchema,
})
const invitedSchema = z.strictObject({ project: idSchema('project'), peer: z.string(), state: z.enum(joinStates), changed_at: instantSchema })

const shownJoin = ({ peer_id: _, project_id, ...row }: JoinRow): z.output<typeof joinSchema> => ({ ...row, project: project_id })
const peersPerInvitation = 50
const example = { peer: 'hillside', foreign_project: '0198c1de-7b3a-7c4d-8e5f-000000000001' }

export const meshProjects = operation({
  name: 'federation.projects',
  summary: 'Projects that peers invited this institution to, those it invited peers to, and people who wait to be approved',
  input: z.strictObject({}),
  output: z.strictObject({ joined: z.array(joinSchema), invited: z.array(invitedSchema), persons: z.array(personSchema) }),
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads names of projects, and of members of the staff of peers' },
  http: { method: 'GET', path: '/v1/mesh/projects' },
  example: { input: {} },
  async run({ tx }) {
    const [joins, invited, persons] = [await listJoins(tx), await listInvited(tx), await listPersons(tx)]
    return {
      joined: joins.map(shownJoin),
      invited: invited.map(({ project_id, ...row }) => ({ project: project_id, ...row })),
      persons: persons.map(({ peer_id: _, subject: __, user_id, ...row }) => ({ ...row, user: user_id })),
    }
  },
})

export const invitePeers = operation({
  name: 'federation.invite',
  summary: 'Invite peers to a project of this institution',
  description: 'They are told its title and purpose. Their administrators join with a project of their own, or do not.',
  input: z.strictObject({ project: idSchema('project'), peers: z.array(nodeNameSchema).min(1).max(peersPerInvitation) }),
  output: z.strictObject({ invited: z.array(z.string()) }),
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: ({ project, peers }) => ({ object: { kind: 'project', id: project }, details: { peers } }),
  http: { method: 'POST', path: '/v1/mesh/projects' },
  example: { input: { project: example.foreign_project, peers: [example.peer] } },
  problems: [problems.project_unknown, problems.not_a_peer, problems.no_identity],
  async run({ tx, node, tenant, now }, { project: id, peers }) {
    const project = await projectById(tx, id)
    if (project === undefined) return refuse(problems.project_unknown)
    const names = [...new Set(peers)]
    for (const name of names) {
      const peer = await peerNamed(tx, name)
      if (peer === undefined) throw new Problem(problems.not_a_peer)
      await putInvited(tx, id, peer.id, now)
      const body = { project: id, title: project.title, purpose: project.purpose }
      await send(tx, node, tenant, { to: name, kind: 'project.invite', thread: `project ${id}`, body })
    }
    return { invited: names }
  },
})

const place = z.strictObject({ peer: nodeNameSchema, foreign_project: z.uuid() })
const facts = ({ peer, foreign_project }: z.output<typeof place>, { state }: z.output<typeof joinSchema>) => ({
  object: { kind: 'project', id: foreign_project },
  details: { peer, state },
})

export const joinProject = operation({
  name: 'federation.join',
  summary: 'Join a project of a peer with a project of this institution',
  description:
    'Messages of the peer act in that project alone, as persons whom this institution approved and made members of it: its sources, agreement, reviews and floor hold for them as for everybody.',
  input: place.extend({ project: idSchema('project') }),
  output: joinSchema,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: facts,
  stepUp: true,
  http: { method: 'POST', path: '/v1/mesh/projects/:peer/:foreign_project/join' },
  example: { input: { ...example, project: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, problems.project_unknown],
  async run(ctx, { peer, foreign_project, project }) {
    if ((await projectById(ctx.tx, project)) === undefined) return refuse(problems.project_unknown)
    return change(ctx, peer, foreign_project, 'joined', project)
  },
})

export const leaveProject = operation({
  name: 'federation.leave',
  summary: 'Leave a project of a peer: its messages do nothing there any more',
  input: place,
  output: joinSchema,
  access: { action: 'update', on: () => ({ type: 'mesh' }) },
  audit: facts,
  http: { method: 'POST', path: '/v1/mesh/projects/:peer/:foreign_project/leave' },
  example: { input: example },
  problems: [doorProblems.not_found],
  run: (ctx, { peer, foreign_project }) => change(ctx, peer, foreign_project, 'left', null),
})

async function change(ctx: TransactionContext, peer: string, foreign: string, state: 'joined' | 'left', project: JoinRow['project_id']) {
  const row = await joinOf(ctx.tx, peer, foreign)
  if (row === undefined) return refuse(doorProblems.not_found)
  await setJoin(ctx.tx, { ...row, state, project_id: project }, ctx.now)
  await send(ctx.tx, ctx.node, ctx.tenant, {
    to: peer,
    kind: 'project.joined',
    thread: `project ${foreign}`,
    body: { project: foreign, joined: state === 'joined' },
  })
  ctx.publish({ type: 'federation.project_changed', subject: foreign, data: { peer, project: foreign, state } })
  return shownJoin({ ...row, state, project_id: project })
}
