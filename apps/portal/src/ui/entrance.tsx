import { Button, Container, Group, Menu, Paper, Stack, Text, Title } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Language, languages } from '../i18n/index.ts'
import { Brand } from './brand.tsx'
import { Preferences } from './preferences.tsx'
import { useTitle } from './use-title.ts'

/** The frame of the pages in front of the door: one card, one thing to do. */
export function Entrance({ title, about, children, below }: { title: string; about?: string; children: ReactNode; below?: ReactNode }) {
  const { t, i18n } = useTranslation()
  const language = languages[i18n.language as Language]
  useTitle(title)
  return (
    <Container size={440} px="md" py="lg" mih="100dvh">
      <Group component="header" justify="space-between" mb="xl">
        <Brand />
        <Menu position="bottom-end" closeOnItemClick={false} withInitialFocusPlaceholder={false} withinPortal={false}>
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              size="compact-md"
              leftSection={<IconLanguage size={16} aria-hidden />}
              aria-label={`${language}: ${t('menu.language')}, ${t('menu.theme')}`}
            >
              {language}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Preferences />
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Paper component="main" withBorder p="xl">
        <Stack gap="md">
          <div>
            <Title order={1}>{title}</Title>
            {about === undefined ? null : (
              <Text c="dimmed" mt="xs">
                {about}
              </Text>
            )}
          </div>
          {children}
        </Stack>
      </Paper>
      {below === undefined ? null : (
        <Stack component="footer" gap={4} mt="lg">
          {below}
        </Stack>
      )}
    </Container>
  )
}
