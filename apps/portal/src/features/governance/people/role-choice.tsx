import { Checkbox, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type StaffRole, staffRoles } from './queries.ts'

export function RoleChoice({ value, onChange }: { readonly value: readonly StaffRole[]; readonly onChange: (roles: StaffRole[]) => void }) {
  const { t } = useTranslation('governance.people')
  return (
    <Checkbox.Group
      label={t('roles')}
      description={t('rolesHint')}
      withAsterisk
      value={[...value]}
      onChange={(chosen) => onChange(staffRoles.filter((role) => chosen.includes(role)))}
    >
      <Stack gap="xs" mt="xs">
        {staffRoles.map((role) => (
          <Checkbox key={role} value={role} label={t(`role.${role}`)} description={t(`roleAbout.${role}`)} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
