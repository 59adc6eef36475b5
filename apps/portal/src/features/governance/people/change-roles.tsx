import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { type StaffRole, staffRoles, type User, updateUser } from './queries.ts'
import { RoleChoice } from './role-choice.tsx'

export function ChangeRoles({ user }: { readonly user: User }) {
  const { t } = useTranslation('governance.people')
  const given = staffRoles.filter((role) => user.roles.includes(role))
  const [chosen, setRoles] = useState<StaffRole[]>()
  const roles = chosen ?? given
  const same = roles.length === given.length && roles.every((role) => given.includes(role))
  return (
    <ConfirmButton
      label={t('changeRoles.label')}
      title={t('changeRoles.title')}
      consequence={t('changeRoles.consequence')}
      confirm={t('changeRoles.confirm')}
      disabled={same || roles.length === 0}
      act={async () => {
        await updateUser(user.id, { roles })
        setRoles(undefined)
      }}
    >
      <RoleChoice value={roles} onChange={setRoles} />
    </ConfirmButton>
  )
}
