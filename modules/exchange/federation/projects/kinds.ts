/** What nodes tell each other of projects and people. None of it gives a right: administrators of the receiving institution decide. */
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import { refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { peerNamed } from '../peers/store.ts'
import { problems } from '../problems.ts'
import { countJoins, countPersons, insertPerson, joinOf, personOf, putInvitation, setInvited } from './store.ts'

export const projectsPerPeer = 200
export const personsPerPeer = 2_000
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)

export const projectInvite = messageKind({
  kind: 'project.invite',
  versions: [1],
  body: z.object({ project: z.uuid(), title: line, purpose: z.string().max(128) }),
  async run({ tx, now, publish }, { from, body: { project, title, purpose } }) {
    const peer = await peerNamed(tx, from)
    if (peer === undefined) return refuse(problems.peer_refused)
    if ((await joinOf(tx, from, project)) === undefined && (await countJoins(tx, peer.id)) >= projectsPerPeer) return refuse(problems.too_many)
    await putInvitation(tx, { peer_id: peer.id, foreign_project: project, title, purpose }, now)
    publish({ type: 'federation.invited', subject: project, data: { peer: from, project } })
    return undefined
  },
})

export const projectJoined = messageKind({
  kind: 'project.joined',
  versions: [1],
  body: z.object({ project: z.uuid(), joined: z.boolean() }),
  async run({ tx, now, publish }, { from, body: { project, joined } }) {
    const peer = await peerNamed(tx, from)
    const state = joined ? 'joined' : 'left'
    if (peer === undefined || !(await setInvited(tx, project, peer.id, state, now))) return refuse(problems.project_unknown)
    publish({ type: 'federation.project_changed', subject: project, data: { peer: from, project, state } })
    return undefined
  },
})

export const personPropose = messageKind({
  kind: 'person.propose',
  versions: [1],
  body: z.object({ project: z.uuid(), subject: z.string().min(1).max(200), issuer: z.url().max(300).optional(), name: line }),
  async run({ tx, now, newId, publish }, { from, body: { project, subject, issuer = from, name } }) {
    const join = await joinOf(tx, from, project)
    if (join?.state !== 'joined') return refuse(problems.project_not_joined)
    if ((await personOf(tx, { peer: from, issuer, subject, project })) !== undefined) return undefined
    if ((await countPersons(tx, join.peer_id)) >= personsPerPeer) return refuse(problems.too_many)
    await insertPerson(tx, { id: newId<'member'>(), peer_id: join.peer_id, issuer, subject, foreign_project: project, name }, now)
    publish({ type: 'federation.person_proposed', subject: project, data: { peer: from, project } })
    return undefined
  },
})
