import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Wing } from '../../wings.ts'

/** The wings that are open, each with what it is for and how to begin: the home of whoever has no cards. */
export function WingList({ wings }: { readonly wings: readonly Wing[] }) {
  const { t } = useTranslation()
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" maw={960}>
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
  )
}
