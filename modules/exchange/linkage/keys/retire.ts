import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { reissueKeys } from '../across/issue.ts'
import { linkageProblems } from '../problems.ts'
import { exampleProject, linkageIn, type TokenKey, tokenKeySchema, tokenKeysInput } from './schema.ts'
import { endKeys, keyRows } from './store.ts'
import { keyIdOf } from './token-space.ts'
import { viewsOf } from './view.ts'

export const retireKey = operation({
  name: 'linkage.retire_key',
  summary: 'End an earlier key of a project’s token space before its overlap is over',
  description: 'Tokens that were made with it join with nothing from now on. The key that makes tokens is not retired; rotate it without an overlap.',
  input: tokenKeysInput.extend({ key: idSchema('link_key') }),
  output: tokenKeySchema,
  access: { action: 'update', on: linkageIn },
  audit: ({ project }, { id, key_id }) => ({ object: { kind: 'project', id: project }, details: { key: id, key_id } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/projects/:project/token-keys/:key/retire' },
  example: { input: { project: exampleProject, key: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, linkageProblems.key_makes, linkageProblems.key_ended],
  async run(ctx, { project, key: id }) {
    const facts = { object: { kind: 'project', id: project } }
    const rows = await keyRows(ctx.tx, project)
    const key = rows.find((row) => row.id === id)
    if (key === undefined) return refuse(doorProblems.not_found)
    const viewed = (of: typeof rows) => viewsOf(of, ctx.now).find((view) => view.id === id) as TokenKey
    const { state } = viewed(rows)
    if (state === 'makes') return refuse(linkageProblems.key_makes, undefined, facts)
    if (state === 'ended') return refuse(linkageProblems.key_ended, undefined, facts)
    await endKeys(ctx.tx, project, [key.version], ctx.now, ctx.principal.id)
    await reissueKeys(ctx.tx, ctx.node, ctx.tenant, { project, now: ctx.now })
    ctx.publish({ type: 'linkage.key_retired', subject: project, data: { project, key_id: keyIdOf(key.version) } })
    return viewed(await keyRows(ctx.tx, project))
  },
})
