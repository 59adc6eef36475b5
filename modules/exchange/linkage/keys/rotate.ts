import { addSeconds } from '@gatehouse/core/instant'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { openProject } from '../../../governance/projects/index.ts'
import { reissueKeys } from '../across/issue.ts'
import { linkageProblems } from '../problems.ts'
import { exampleProject, limits, linkageIn, type TokenKey, tokenKeySchema, tokenKeysInput } from './schema.ts'
import { endKeys, insertKey, keyRows } from './store.ts'
import { keyIdOf } from './token-space.ts'
import { viewsOf } from './view.ts'

export const rotateKey = operation({
  name: 'linkage.rotate_key',
  summary: 'Give a project’s token space a new key',
  description:
    'Tokens are made with the new key from now on. Those made with earlier keys join until the overlap is over, and with nothing after; a token cannot be moved to another key, so what is still needed is made anew from its sources.',
  input: tokenKeysInput.extend({ overlap_days: z.int().min(0).max(limits.overlapDaysMax).default(30) }),
  output: tokenKeySchema,
  access: { action: 'update', on: linkageIn },
  audit: ({ project, overlap_days }, { id, key_id }) => ({ object: { kind: 'project', id: project }, details: { key: id, key_id, overlap_days } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/projects/:project/token-keys/rotate', status: 201 },
  example: { input: { project: exampleProject, overlap_days: 30 } },
  problems: [linkageProblems.project_closed, linkageProblems.keys_full, linkageProblems.rotated_meanwhile],
  async run(ctx, { project, overlap_days }) {
    const facts = { object: { kind: 'project', id: project } }
    if ((await openProject(ctx.tx, project, ctx.now)) === undefined) return refuse(linkageProblems.project_closed, undefined, facts)
    const before = await keyRows(ctx.tx, project)
    if (before.length >= limits.versionsMax) return refuse(linkageProblems.keys_full, undefined, facts)
    const newest = before.at(-1)
    if (newest !== undefined && newest.not_before >= ctx.now) return refuse(linkageProblems.rotated_meanwhile, undefined, facts)
    const version = (newest?.version ?? 0) + 1
    const key = { id: ctx.newId<'link_key'>(), version, not_before: ctx.now, made_by: ctx.principal.id, made_at: ctx.now }
    if (!(await insertKey(ctx.tx, project, key))) return refuse(linkageProblems.rotated_meanwhile, undefined, facts)
    const over = addSeconds(ctx.now, overlap_days * 86_400)
    await endKeys(
      ctx.tx,
      project,
      before.map(({ version }) => version),
      over,
      ctx.principal.id,
    )
    await reissueKeys(ctx.tx, ctx.node, ctx.tenant, { project, now: ctx.now })
    ctx.publish({ type: 'linkage.key_rotated', subject: project, data: { project, key_id: keyIdOf(version), overlap_days } })
    return viewsOf(await keyRows(ctx.tx, project), ctx.now)[0] as TokenKey
  },
})
