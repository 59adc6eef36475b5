import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../session.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { pagesFor } from '../pages.ts'

/** What a wing is for, its pages, and how to begin. */
export function WingPage() {
  const { t } = useTranslation()
  const { wing } = useParams({ strict: false }) as { wing: string }
  const pages = pagesFor(useSession()).filter((page) => page.nav && page.wing === wing)
  return (
    <Stack gap="md" maw={640}>
      <PageTitle title={t(`wing.${wing}.name`)} />
      <Text>{t(`wing.${wing}.about`)}</Text>
      {pages.length === 0 ? null : (
        <ul className="nav">
          {pages.map(({ path, name, icon: Icon }) => (
            <li key={path}>
              <Group gap="xs" py={4}>
                <Icon size={18} aria-hidden />
                <Anchor renderRoot={(props) => <Link {...props} to={path} />}>{t(`page.${name}`)}</Anchor>
              </Group>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Title order={2}>{t('firstStep')}</Title>
        <Text mt="xs">{t(`wing.${wing}.step`)}</Text>
      </div>
      <Anchor href="/docs">{t('home.reference')}</Anchor>
    </Stack>
  )
}
