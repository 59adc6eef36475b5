import { addSeconds } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { openProject } from '../../../../governance/projects/index.ts'
import { messageState, send } from '../../../federation/index.ts'
import { problems } from '../../problems.ts'
import { exampleProject, inProject, inputOfProject } from '../../schema.ts'
import { isPeer } from '../peer.ts'
import { limits } from '../schema.ts'
import { catalogueRequest } from './messages.ts'
import { foreignTables, putRequest, requestsOf } from './store.ts'

const nodeName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the name of a node: small letters, digits and "-"')

const nodeCatalogue = z.strictObject({
  node: z.string(),
  asked_at: instantSchema,
  answered_at: instantSchema.nullable(),
  refused: z.string().nullable().describe('Why the node told nothing, by its code'),
})

export const askCatalogue = operation({
  name: 'query.ask_node_catalogue',
  summary: 'Ask another node for its catalogue',
  description:
    'The node answers with the tables that this project’s people may see there, as soon as it looks into its mailbox. They then stand in the project’s catalogue as node/source.table, and plans may name them.',
  input: inputOfProject.extend({ node: nodeName }),
  output: nodeCatalogue,
  access: { action: 'read', on: inProject('catalogue') },
  audit: ({ project, node }) => ({ object: { kind: 'project', id: project }, details: { node } }),
  http: { method: 'POST', path: '/v1/projects/:project/node-catalogues', status: 202 },
  example: { input: { project: exampleProject, node: 'st-mary' } },
  problems: [problems.project_closed, problems.node_unknown],
  async run({ tx, node, tenant, principal, now }, { project, node: peer }) {
    if ((await openProject(tx, project, now)) === undefined) return refuse(problems.project_closed)
    if (!(await isPeer(tx, peer))) return refuse(problems.node_unknown)
    const behalf = { user: principal.id, project, roles: principal.roles }
    const expiresAt = addSeconds(now, limits.catalogueHours * 3_600)
    const message = { to: peer, kind: catalogueRequest, thread: `${project}/catalogue`, body: { project }, onBehalfOf: behalf, expiresAt }
    await putRequest(tx, project, { peer, message_id: await send(tx, node, tenant, message), asked_at: now })
    return { node: peer, asked_at: now, answered_at: null, refused: null }
  },
})

export const nodeCatalogues = operation({
  name: 'query.node_catalogues',
  summary: 'Which nodes were asked for their catalogue, and what they said',
  input: inputOfProject,
  output: z.strictObject({ data: z.array(nodeCatalogue.extend({ tables: z.int() })) }),
  access: { action: 'read', on: inProject('catalogue') },
  audit: { none: 'it tells names of nodes, and no record' },
  http: { method: 'GET', path: '/v1/projects/:project/node-catalogues' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project }) {
    const [requests, tables] = [await requestsOf(tx, project), await foreignTables(tx, project)]
    const data = await Promise.all(
      requests.map(async ({ peer, message_id, asked_at, answered_at, refused }) => {
        const message = answered_at === null ? await messageState(tx, message_id) : undefined
        const failed = message?.state === 'refused' ? (message.reason ?? 'refused').replaceAll('-', '_') : message?.state === 'expired' ? 'expired' : null
        return { node: peer, asked_at, answered_at, refused: refused ?? failed, tables: tables.filter((table) => table.peer === peer).length }
      }),
    )
    return { data }
  },
})
