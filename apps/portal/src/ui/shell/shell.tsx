import { ActionIcon, AppShell, Burger, Group, Kbd, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bell } from '../../features/exchange/notifications/bell.tsx'
import { followLedger } from '../../live.ts'
import { useCan, useSession } from '../../session.ts'
import { Brand } from '../brand.tsx'
import { HoverNote } from '../hover-note.tsx'
import { AccountMenu } from './account-menu.tsx'
import { AwayBanner } from './away-banner.tsx'
import { Navigation } from './navigation.tsx'

const JobsIndicator = lazy(async () => ({ default: (await import('./jobs-indicator.tsx')).JobsIndicator }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts.tsx')).Shortcuts }))

function Search({ onOpen }: { readonly onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <UnstyledButton className="search-box" visibleFrom="sm" onClick={onOpen} aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} aria-hidden />
        <Text span>{t('palette.open')}</Text>
        <Kbd size="xs">{t('palette.keys')}</Kbd>
      </UnstyledButton>
      <ActionIcon variant="subtle" color="gray" hiddenFrom="sm" onClick={onOpen} aria-haspopup="dialog" aria-label={t('palette.open')}>
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
    </>
  )
}

/** The frame of every page behind the door: wings on the left, search and the person on top. */
export function Shell() {
  const { t } = useTranslation()
  const [navigation, { toggle, close }] = useDisclosure()
  const [dialog, setDialog] = useState<'palette' | 'shortcuts' | null>(null)
  const can = useCan()
  // Search and shortcuts speak the words of the house, which a person concerned has no need to learn.
  const searches = useSession().kind !== 'person'
  const readsLedger = can('read', 'ledger_entry')
  useEffect(() => (readsLedger ? followLedger() : undefined), [readsLedger])
  // Everywhere, also while one types; the other only where a question mark is not a letter of a word.
  useHotkeys(searches ? [['mod+K', () => setDialog('palette')]] : [], [])
  useHotkeys(
    searches
      ? [
          ['shift+?', () => setDialog('shortcuts')],
          ['?', () => setDialog('shortcuts')],
        ]
      : [],
  )
  const closeDialog = () => setDialog(null)
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !navigation } }} padding={{ base: 'md', sm: 'lg' }}>
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={navigation} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu.navigation')} aria-expanded={navigation} />
            <Brand />
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Suspense>
              <JobsIndicator />
            </Suspense>
            <Bell />
            {searches ? <Search onOpen={() => setDialog('palette')} /> : null}
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('menu.main')}>
        <Navigation onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <AwayBanner />
        <Outlet />
      </AppShell.Main>
      <HoverNote />
      <Suspense>
        {dialog === 'palette' ? <Palette onClose={closeDialog} onShortcuts={() => setDialog('shortcuts')} /> : null}
        {dialog === 'shortcuts' ? <Shortcuts onClose={closeDialog} /> : null}
      </Suspense>
    </AppShell>
  )
}
