import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useOpen } from '../../../ui/use-open.ts'

interface CardProps {
  /** What it is about, in two words. */
  readonly title: string
  /** What is the matter, in a sentence: the finding. */
  readonly says?: ReactNode
  /** Where more of it stands; the link is left out where that page is not open. */
  readonly to?: string
  readonly children?: ReactNode
}

/** The frame of a card: a name, what is the matter, and the way to more. */
export function Card({ title, says, to, children }: CardProps) {
  const { t } = useTranslation('home.cards')
  const id = useId()
  const open = useOpen()
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="baseline">
          <Title order={2} id={id}>
            {title}
          </Title>
          {to !== undefined && open(to) ? (
            <Anchor size="sm" style={{ whiteSpace: 'nowrap' }} aria-label={t('allOf', { title })} renderRoot={(props) => <Link {...props} to={to} />}>
              {t('all')}
            </Anchor>
          ) : null}
        </Group>
        {says === undefined ? null : <Text component="div">{says}</Text>}
        {children}
      </Stack>
    </Paper>
  )
}

/** Numbers that are read at a glance. */
export function Figures({ figures }: { readonly figures: readonly { readonly label: string; readonly value: string }[] }) {
  return (
    <dl className="home-figures">
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
