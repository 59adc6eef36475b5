import { Anchor, Breadcrumbs, Group, Stack, Text } from '@mantine/core'
import { Link, useMatches } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenTo } from '../rights.ts'
import { useSession } from '../session.ts'
import { wings } from '../wings.ts'
import { PageTitle } from './page-title.tsx'

interface PageProps {
  readonly title: string
  /** One sentence that says what the page is, in plain words. */
  readonly about?: ReactNode
  /** Stands beside the title: a `StateChip`. */
  readonly chip?: ReactNode
  /** Buttons, top right. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of every page behind the door: where one is, what it is, and what can be done here. */
export function Page({ title, about, chip, actions, children }: PageProps) {
  return (
    <Stack gap="md">
      <Trail />
      <Group justify="space-between" align="flex-start" gap="md">
        <div>
          <Group gap="sm">
            <PageTitle title={title} />
            {chip}
          </Group>
          {about === undefined ? null : (
            <Text c="dimmed" mt={4} maw={720}>
              {about}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}

/** The wing and the pages above this one, as far as they are open to whoever reads. */
function Trail() {
  const { t } = useTranslation()
  const session = useSession()
  const { page, trail = [] } = useMatches().at(-1)?.staticData ?? {}
  const wing = wings.find(({ name }) => name === page?.wing)
  // One's own pages stand side by side: there is nothing above them.
  if (page === undefined || page.wing === 'me' || wing === undefined || !isOpenTo(session, wing.needed)) return null
  return (
    <Breadcrumbs component="nav" aria-label={t('breadcrumbs')} separatorMargin={6}>
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to={`/${page.wing}`} />}>
        {t(`wing.${page.wing}.name`)}
      </Anchor>
      {trail
        .filter(({ needed }) => isOpenTo(session, needed))
        .map(({ path, name }) => (
          <Anchor key={path} size="sm" renderRoot={(props) => <Link {...props} to={path} />}>
            {t(`page.${name}`)}
          </Anchor>
        ))}
    </Breadcrumbs>
  )
}
