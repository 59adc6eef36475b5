/** The frame of a page for somebody outside, without an account: a title, what the page is for, and what it shows. */
import { Container, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'
import { LanguageMenu } from './language-menu.tsx'
import { PageTitle } from './page-title.tsx'

export function PublicPage({ title, about, children }: { readonly title: string; readonly about: string; readonly children: ReactNode }) {
  return (
    <Container size={860} px="md" py="lg" mih="100dvh">
      <Group component="header" justify="space-between" mb="xl">
        <Brand />
        <LanguageMenu />
      </Group>
      <Stack component="main" gap="xl">
        <div>
          <PageTitle title={title} />
          <Text c="dimmed" mt="xs">
            {about}
          </Text>
        </div>
        {children}
      </Stack>
    </Container>
  )
}
