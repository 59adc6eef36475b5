import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { exampleSource, sourceInput } from '../schema.ts'
import { findSource } from '../store.ts'
import { type Look, lookSchema } from './schema.ts'
import { lookLife } from './states.ts'
import { findLook, moveLook } from './store.ts'

export const cancelLook = operation({
  name: 'catalog.cancel_look',
  summary: 'Cancel the look through a source that is going on',
  description: 'Within a second nothing more is asked of the source. The catalogue stays as it was.',
  input: sourceInput,
  output: lookSchema,
  access: { action: 'update', on: ({ source }) => ({ type: 'data_source', id: source }) },
  audit: ({ source }, { id, tables }) => ({ object: { kind: 'data_source', id: source }, details: { look: id, tables } }),
  http: { method: 'POST', path: '/v1/data-sources/:source/look/cancel' },
  example: { input: { source: exampleSource } },
  problems: [doorProblems.not_found, problems.not_looking],
  async run(ctx, { source }) {
    // The source is held, so that the look does not end between the question and the answer.
    if ((await findSource(ctx.tx, source, 'lock')) === undefined) return refuse(doorProblems.not_found)
    const look = await findLook(ctx.tx, source)
    if (look === undefined || !lookLife.can(look.state, 'cancel')) return refuse(problems.not_looking)
    if (!(await moveLook(ctx.tx, source, { look: look.id, from: look.state, on: 'cancel', at: ctx.now }))) return refuse(problems.not_looking)
    return (await findLook(ctx.tx, source)) as Look
  },
})
