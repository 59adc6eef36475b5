import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'
import type { Mapping } from './draft.ts'

export type Import = Row<'/v1/vault/imports'>
export type ImportWithRejects = Answer<'/v1/vault/imports/{import}'>
export type Reject = ImportWithRejects['rejects'][number]

/** The first part of every key, for `useLive`. */
export const importsKey = ['imports'] as const
/** Entries that say that an import has moved: each batch states the ends of the chains that grew. */
export const importEntries = ['vault.plan_import', 'vault.head', 'vault.import', 'vault.stop_import'] as const

export function importPages({ status }: FilterValues) {
  const query = { status: status as Import['status'] | undefined }
  return cursorPages<Import>([...importsKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/vault/imports', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export const runningImports = queryOptions({
  queryKey: [...importsKey, 'running'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/imports', { params: { query: { status: 'running', limit: 50 } }, signal }))).data,
})

export function importQuery(id: string) {
  return queryOptions({
    queryKey: [...importsKey, id],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/vault/imports/{import}', { params: { path: { import: id } }, signal })),
  })
}

export async function stopImport(id: string): Promise<void> {
  await ask(() => api.POST('/v1/vault/imports/{import}/stop', { params: { path: { import: id } } }))
}

/** The sample goes to the node's proposer, which keeps none of it. */
export function propose(sample: string, recordType: string) {
  return ask(() => api.POST('/v1/vault/propose', { body: { sample, record_type: recordType } }))
}

/** Only the ending of a file's name tells something of it, and only that is sent: names of files name people. */
export async function planImport(mapping: Mapping, fileName: string): Promise<string> {
  const ending = /\.[a-z0-9]{1,8}(\.gz)?$/i.exec(fileName)?.[0]
  const body = { mapping: { ...mapping }, ...(ending === undefined ? {} : { file_name: `file${ending}` }) }
  return (await ask(() => api.POST('/v1/vault/imports', { body }))).import_id
}
