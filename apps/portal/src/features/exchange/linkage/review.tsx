import { Alert, Anchor, Button, Group, Kbd, NativeSelect, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconHelp, IconLink, IconUnlink } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { Comparisons } from './comparisons.tsx'
import { type Choice, closeReview, decide, type InReview, type PairRow, pairQuery, pairsQuery, type Reason, reasons } from './queries.ts'

export function LinkReviewPage() {
  const { t } = useTranslation('exchange.linkage')
  const { review = '' } = useParams({ strict: false }) as { review?: string }
  const [{ project = '' }] = useAddressValues()
  const where = { project, review }
  const navigate = useNavigate()
  const can = useCan()
  return (
    <Page
      title={t('one.title')}
      about={t('one.about')}
      actions={
        can('update', 'link_review') ? (
          <ConfirmButton
            label={t('close.label')}
            title={t('close.title')}
            consequence={t('close.consequence')}
            confirm={t('close.label')}
            act={async () => {
              await closeReview(where)
              await navigate({ to: '/exchange/link-reviews' })
            }}
          />
        ) : undefined
      }
    >
      <QueryView whole query={useQuery(pairsQuery(where))}>
        {(pairs) => <Pairs where={where} pairs={pairs} />}
      </QueryView>
    </Page>
  )
}

const waits = ({ state, mine }: PairRow) => (state === 'open' || state === 'disputed') && mine === null

function Pairs({ where, pairs }: { readonly where: InReview; readonly pairs: readonly PairRow[] }) {
  const { t } = useTranslation('exchange.linkage')
  const [{ pair }, change] = useAddressValues()
  const [closed, setClosed] = useState(false)
  const current = pairs.find(({ number }) => String(number) === pair) ?? pairs.find(waits)
  const decided = pairs.filter(({ state }) => state === 'link' || state === 'no_link').length
  const next = (of: number | null) => {
    if (of === null) setClosed(true)
    change({ pair: of === null ? undefined : String(of) })
  }
  return (
    <Stack gap="lg">
      <Progress label={t('decided')} done={decided} of={pairs.length} />
      {closed || current === undefined ? (
        <EmptyState
          title={t('done.title')}
          about={t('done.about')}
          action={
            <Anchor component={Link} to="/exchange/link-reviews">
              {t('done.back')}
            </Anchor>
          }
        />
      ) : (
        <Pair key={current.number} where={where} pair={current} pairs={pairs} onNext={next} />
      )}
    </Stack>
  )
}

interface PairProps {
  readonly where: InReview
  readonly pair: PairRow
  readonly pairs: readonly PairRow[]
  readonly onNext: (pair: number | null) => void
}

const keys = { link: 'l', no_link: 'n', unsure: 'u' } as const
const choices = ['link', 'no_link', 'unsure'] as const satisfies readonly Choice[]
const icons = {
  link: <IconLink size={16} color={`var(--mantine-color-${meaning.permit}-text)`} aria-hidden />,
  no_link: <IconUnlink size={16} color={`var(--mantine-color-${meaning.deny}-text)`} aria-hidden />,
  unsure: <IconHelp size={16} aria-hidden />,
} as const

function Pair({ where, pair, pairs, onNext }: PairProps) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  const [reason, setReason] = useState<Reason>('as_compared')
  const deciding = useMutation({
    mutationFn: (choice: Choice) => decide(where, pair.number, choice, reason),
    onSuccess: ({ state, next }, choice) => {
      void say(state === 'disputed' ? t('said.disputed') : t(`said.${choice}`))
      onNext(next)
    },
  })
  const settled = pair.state !== 'open' && pair.state !== 'disputed'
  const say_ = (choice: Choice) => {
    if (!settled && !deciding.isPending) deciding.mutate(choice)
  }
  const beside = (step: number) => pairs[pairs.findIndex(({ number }) => number === pair.number) + step]?.number
  const go = (step: number) => {
    const to = beside(step)
    if (to !== undefined) onNext(to)
  }
  useHotkeys([...choices.map((choice) => [keys[choice], () => say_(choice)] as [string, () => void]), ['j', () => go(1)], ['k', () => go(-1)]])
  const heading = useRef<HTMLHeadingElement>(null)
  // Whoever works by keyboard or ear is taken to the pair that came.
  useEffect(() => heading.current?.focus(), [])
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text component="h2" size="lg" fw={600} ref={heading} tabIndex={-1}>
          {t('pair', { number: format.number(pair.number), of: format.number(pairs.length) })}
        </Text>
        <Group gap="xs">
          <Button variant="default" size="compact-md" onClick={() => go(-1)} disabled={beside(-1) === undefined}>
            {t('previous')}
          </Button>
          <Button variant="default" size="compact-md" onClick={() => go(1)} disabled={beside(1) === undefined}>
            {t('next')}
          </Button>
        </Group>
      </Group>
      {pair.state === 'disputed' ? <Alert color={meaning.attention}>{t('isDisputed')}</Alert> : null}
      {settled ? <Alert variant="default">{t(`settled.${pair.state}`)}</Alert> : null}
      <QueryView query={useQuery(pairQuery(where, pair.number))}>{(opened) => <Comparisons pair={opened} />}</QueryView>
      <ProblemAlert error={deciding.error} />
      {settled ? null : (
        <Stack gap="sm" component="section" aria-label={t('decide')}>
          <NativeSelect
            label={t('reason.label')}
            maw={420}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as Reason)}
            data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
          />
          <Group gap="sm">
            {choices.map((choice) => (
              <Button
                key={choice}
                variant="default"
                leftSection={icons[choice]}
                loading={deciding.isPending && deciding.variables === choice}
                disabled={deciding.isPending}
                onClick={() => say_(choice)}
                rightSection={<Kbd aria-hidden>{keys[choice].toUpperCase()}</Kbd>}
                aria-keyshortcuts={keys[choice]}
              >
                {t(`choice.${choice}`)}
              </Button>
            ))}
          </Group>
          <Text size="sm" c="dimmed">
            {pair.mine === null ? t('keyboard') : t('mine', { choice: t(`choice.${pair.mine}`) })}
          </Text>
        </Stack>
      )}
    </Stack>
  )
}
