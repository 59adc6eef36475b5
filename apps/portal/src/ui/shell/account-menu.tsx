import { Group, Menu, Text, UnstyledButton } from '@mantine/core'
import { IconDevices, IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../session.ts'
import { useLeaving } from '../../use-leaving.ts'
import { Preferences } from '../preferences.tsx'
import { useLetterLanguage } from './use-letter-language.ts'

export function AccountMenu() {
  const { t } = useTranslation()
  const session = useSession()
  useLetterLanguage()
  const name = session.user?.name ?? t('menu.operator')
  const leave = useLeaving()
  return (
    <Menu position="bottom-end" width={240} closeOnItemClick={false} withInitialFocusPlaceholder={false} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton aria-label={t('menu.open', { name })}>
          <Group gap="xs" wrap="nowrap">
            <IconUserCircle size={24} stroke={1.5} aria-hidden />
            <Text visibleFrom="sm">{name}</Text>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.kind === 'person' ? null : (
          <>
            <Menu.Label>{session.roles.map((role) => t(`role.${role}`, role)).join(', ')}</Menu.Label>
            <Menu.Divider />
          </>
        )}
        <Preferences />
        <Menu.Divider />
        {session.user === null ? null : (
          <Menu.Item leftSection={<IconShieldLock size={16} aria-hidden />} component={Link} to="/me/security">
            {t('page.security')}
          </Menu.Item>
        )}
        {session.user === null ? null : (
          <Menu.Item leftSection={<IconDevices size={16} aria-hidden />} component={Link} to="/me/devices">
            {t('page.devices')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
