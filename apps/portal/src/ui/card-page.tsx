import { Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Page } from './page.tsx'
import { QueryView } from './query-view.tsx'
import { EmptyState } from './states.tsx'

interface CardPageProps<T> {
  readonly title: string
  readonly about: string
  /** What the button says that opens the dialog; `undefined` for whoever may add nothing. */
  readonly add: string | undefined
  readonly dialog: (close: () => void) => ReactNode
  readonly query: Pick<UseQueryResult<readonly T[]>, 'data' | 'error' | 'refetch'>
  readonly empty: { readonly title: string; readonly about: string }
  readonly children: (one: T) => ReactNode
}

/** A page of a few things, each on a `Card`, and a dialog that adds one. */
export function CardPage<T extends { readonly id: string }>({ title, about, add, dialog, query, empty, children }: CardPageProps<T>) {
  const [adding, { open, close }] = useDisclosure()
  return (
    <Page
      title={title}
      about={about}
      actions={
        add === undefined ? undefined : (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {add}
          </Button>
        )
      }
    >
      <QueryView query={query}>
        {(all) => (
          <Stack gap="md" maw={860}>
            {all.length === 0 ? <EmptyState {...empty} /> : null}
            {all.map((one) => (
              <Fragment key={one.id}>{children(one)}</Fragment>
            ))}
          </Stack>
        )}
      </QueryView>
      {adding ? dialog(close) : null}
    </Page>
  )
}

interface CardProps {
  readonly name: string
  readonly chips: ReactNode
  /** Buttons, top right; nothing for whoever may only look. */
  readonly actions: ReactNode
  readonly children: ReactNode
}

export function Card({ name, chips, actions, children }: CardProps) {
  return (
    <Paper component="article" withBorder p="md" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Title order={2} size="h3">
              {name}
            </Title>
            {chips}
          </Group>
          <Group gap="xs">{actions}</Group>
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
