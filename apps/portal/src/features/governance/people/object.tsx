import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { isOpenTo } from '../../../rights.ts'
import { useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ChangeRoles } from './change-roles.tsx'
import { endUserSession, peopleKey, resetFactors, type User, updateUser, userQuery, userSessionsQuery } from './queries.ts'
import { Sessions } from './sessions.tsx'
import { UserState } from './state.tsx'

export function UserPage() {
  const { user = '' } = useParams({ strict: false }) as { user?: string }
  useLive(['identity.*'], [...peopleKey, user])
  const query = useQuery(userQuery(user))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown user={found} />}
    </QueryView>
  )
}

function Shown({ user }: { readonly user: User }) {
  const { t } = useTranslation('governance.people')
  const format = useFormat()
  const session = useSession()
  const may = (action: string, on: string) => isOpenTo(session, { action, on, everybodys: true })
  const sessions = useQuery({ ...userSessionsQuery(user.id), enabled: may('read', 'session') })
  return (
    <ObjectPage
      kind="user"
      id={user.id}
      title={t('one')}
      about={t(`aboutKind.${user.kind}`)}
      chip={<UserState status={user.status} />}
      actions={may('update', 'user') ? <Actions user={user} /> : undefined}
      tabs={
        may('read', 'session')
          ? [
              {
                name: 'sessions',
                label: t('sessions.tab'),
                content: (
                  <Sessions
                    query={sessions}
                    about={t('sessions.about')}
                    {...(may('delete', 'session') ? { end: (id: string) => endUserSession(user.id, id) } : {})}
                  />
                ),
              },
            ]
          : []
      }
    >
      <Facts
        facts={[
          { label: t('name'), value: user.name },
          { label: t('email'), value: user.email },
          { label: t('roles'), value: format.list(user.roles.map((role) => t(`role.${role}`))) },
          ...(user.partner === null ? [] : [{ label: t('partner'), value: <ShortId id={user.partner} kind="partner" /> }]),
          { label: t('since'), value: <Moment at={user.created_at} /> },
          { label: t('id'), value: <ShortId id={user.id} /> },
        ]}
      />
    </ObjectPage>
  )
}

function Actions({ user }: { readonly user: User }) {
  const { t } = useTranslation('governance.people')
  return (
    <>
      {user.kind === 'staff' && user.status !== 'disabled' ? <ChangeRoles user={user} /> : null}
      {user.status === 'active' ? (
        <ConfirmButton
          label={t('resetFactors.label')}
          title={t('resetFactors.title')}
          consequence={t('resetFactors.consequence')}
          confirm={t('resetFactors.confirm')}
          act={() => resetFactors(user.id)}
        />
      ) : null}
      {user.status === 'disabled' ? (
        <ConfirmButton
          label={t('enable.label')}
          title={t('enable.title')}
          consequence={t('enable.consequence')}
          confirm={t('enable.confirm')}
          act={() => updateUser(user.id, { disabled: false })}
        />
      ) : (
        <ConfirmButton
          label={t('disable.label')}
          title={t('disable.title')}
          consequence={t('disable.consequence')}
          confirm={t('disable.confirm')}
          act={() => updateUser(user.id, { disabled: true })}
        />
      )}
    </>
  )
}
