import { isUuid } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { listQuery, requestSchema } from './schema.ts'
import { listRequests } from './store.ts'
import { viewOf } from './view.ts'

export const listRequestsOfPeople = operation({
  name: 'requests.list',
  summary: 'List what people have asked for, the next to be answered first',
  description: 'Open ones by the end of their time; with `closed` the others, the latest first.',
  input: listQuery,
  output: pageSchema(requestSchema),
  access: { action: 'read', on: () => ({ type: 'rights_request' }) },
  audit: (_input, page) => ({ details: { requests: page.data.length } }),
  http: { method: 'GET', path: '/v1/requests' },
  example: { input: {} },
  async run({ tx, now }, { cursor, limit, closed }) {
    const rows = await listRequests(tx, closed, cursor === undefined ? undefined : readCursor(cursor), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return { data: page.map((row) => viewOf(row, now)), next: last === undefined ? null : `${closed ? last.closed_at : last.due_at}_${last.id}` }
  },
})

function readCursor(text: string): { at: string; id: string } {
  const [at = '', id = ''] = text.split('_')
  if (!isUuid(id) || Number.isNaN(Date.parse(at)))
    throw new Problem(doorProblems.input_invalid, undefined, { errors: [{ pointer: '/cursor', detail: 'send the "next" of the page before' }] })
  return { at, id }
}
