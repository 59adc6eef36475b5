import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../api.ts'
import { isOpenTo } from '../rights.ts'
import { useSession } from '../session.ts'
import { ShortId } from './short-id.tsx'

/** Somebody by name, for those who may know it; "you" for oneself, and for everybody else the id. */
export function Who({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const session = useSession()
  const self = session.user?.id === id
  const mayKnow = isOpenTo(session, { action: 'read', on: 'user', everybodys: true })
  const found = useQuery({
    queryKey: ['who', id],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/users/{user}', { params: { path: { user: id } }, signal })),
    enabled: mayKnow && !self,
    retry: false,
  })
  if (self) return t('you')
  return (
    <>
      {found.data === undefined ? null : `${found.data.name} `}
      <ShortId id={id} kind="user" />
    </>
  )
}
