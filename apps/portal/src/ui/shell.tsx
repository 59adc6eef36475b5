import { AppShell, Burger, Group, Menu, NavLink, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHome, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signOut } from '../api.ts'
import { queryClient, useSession } from '../session.ts'
import { wingsFor } from '../wings.ts'
import { Brand } from './brand.tsx'
import { Preferences } from './preferences.tsx'

/** The frame of every page behind the door: wings on the left, the person top right. */
export function Shell() {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure()
  const { roles } = useSession()
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="lg">
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu.navigation')} aria-expanded={opened} />
            <Brand />
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('menu.main')}>
        <NavLink
          component={Link}
          to="/"
          activeOptions={{ exact: true }}
          label={t('home.title')}
          leftSection={<IconHome size={18} aria-hidden />}
          onClick={close}
        />
        {wingsFor(roles).map(({ name, icon: Icon }) => (
          <NavLink
            key={name}
            renderRoot={(props) => <Link {...props} to="/$wing" params={{ wing: name }} />}
            label={t(`wing.${name}.name`)}
            leftSection={<Icon size={18} aria-hidden />}
            onClick={close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function AccountMenu() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const name = session.user?.name ?? t('menu.operator')
  const leave = async () => {
    // Whatever the node says, this browser shows nothing more of what was inside.
    await signOut().catch(() => undefined)
    queryClient.clear()
    await navigate({ to: '/sign-in' })
  }
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
        <Menu.Label>{session.roles.map((role) => t(`role.${role}`, role)).join(', ')}</Menu.Label>
        <Menu.Divider />
        <Preferences />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
