import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '../../../api.ts'
import { pageSize } from '../../../pages-of.ts'
import { importsKey } from '../../custody/imports/queries.ts'
import { vaultKey } from '../../custody/vault/queries.ts'

/** The newest imports, under the key of imports, so that whatever moves one brings this up to date. */
export const newestImports = queryOptions({
  queryKey: [...importsKey, 'newest'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/imports', { params: { query: { limit: pageSize } }, signal }))).data,
})

export const newestChecks = queryOptions({
  queryKey: [...vaultKey, 'jobs'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/vault/verifications', { params: { query: { limit: 20 } }, signal }))).data,
})
