import { Container, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'
import { LanguageMenu } from './language-menu.tsx'
import { useTitle } from './use-title.ts'

/** The frame of the pages in front of the door: one card, one thing to do. */
export function Entrance({ title, about, children, below }: { title: string; about?: string; children: ReactNode; below?: ReactNode }) {
  useTitle(title)
  return (
    <Container size={440} px="md" py="lg" mih="100dvh">
      <Group component="header" justify="space-between" mb="xl">
        <Brand />
        <LanguageMenu />
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
