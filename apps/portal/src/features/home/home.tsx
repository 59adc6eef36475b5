import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../session.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { wingsFor } from '../pages.ts'

export function Home() {
  const { t } = useTranslation()
  const session = useSession()
  const { user } = session
  const wings = wingsFor(session)
  return (
    <Stack gap="lg" maw={960}>
      <div>
        <PageTitle title={t('home.title')}>{user === null ? t('home.title') : t('home.welcome', { name: user.name })}</PageTitle>
        <Text c="dimmed" mt="xs">
          {wings.length === 0 ? t('home.none') : t('home.about')}
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {wings.map(({ name, icon: Icon }) => (
          <Paper key={name} component="section" withBorder p="md" aria-labelledby={`wing-${name}`}>
            <Stack gap="xs">
              <Group gap="xs" wrap="nowrap">
                <Icon size={20} aria-hidden />
                <Title order={2} id={`wing-${name}`}>
                  <Anchor inherit renderRoot={(props) => <Link {...props} to={`/${name}`} />}>
                    {t(`wing.${name}.name`)}
                  </Anchor>
                </Title>
              </Group>
              <Text>{t(`wing.${name}.about`)}</Text>
              <Text c="dimmed">
                <Text span fw={600}>
                  {t('firstStep')}:
                </Text>{' '}
                {t(`wing.${name}.step`)}
              </Text>
            </Stack>
          </Paper>
        ))}
      </SimpleGrid>
      <Anchor href="/docs">{t('home.reference')}</Anchor>
    </Stack>
  )
}
