import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useRouteContext } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useTitle } from '../../ui/use-title.ts'

/** A wing in which nothing is shown yet says what it is for and how to begin. */
export function WingPage() {
  const { t } = useTranslation()
  const { name } = useRouteContext({ from: '/inside/$wing' })
  const title = t(`wing.${name}.name`)
  useTitle(title)
  return (
    <Stack gap="md" maw={640}>
      <Title order={1}>{title}</Title>
      <Text>{t(`wing.${name}.about`)}</Text>
      <div>
        <Title order={2}>{t('firstStep')}</Title>
        <Text mt="xs">{t(`wing.${name}.step`)}</Text>
      </div>
      <Anchor href="/docs">{t('home.reference')}</Anchor>
    </Stack>
  )
}
