import { Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconUserShare } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useSession } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { startOfDay } from '../../../ui/record-list/columns.ts'
import { ProblemAlert } from '../../../ui/states.tsx'
import { delegationsKey, delegationsQuery, handOver, reviewsKey, takeBack } from './queries.ts'

const changed = () => Promise.all([queryClient.invalidateQueries({ queryKey: delegationsKey }), queryClient.invalidateQueries({ queryKey: reviewsKey })])

/** Whose seat is with whom now, as far as it is one's own affair. */
export function Delegations() {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  useLive(['approvals.delegate', 'approvals.end_delegation'], delegationsKey)
  const { data: rows = [] } = useQuery({ ...delegationsQuery, select: ({ data }) => data })
  const back = useMutation({ mutationFn: takeBack, onSuccess: changed })
  if (rows.length === 0) return null
  return (
    <Alert variant="default" icon={<IconUserShare aria-hidden />}>
      <Stack gap="xs">
        <ProblemAlert error={back.error} />
        {rows.map(({ id, from, to, ends_at }) => (
          <Group key={id} justify="space-between" gap="xs">
            <Text>
              {from.id === user?.id ? t('handOver.given', { name: to.name }) : t('handOver.taken', { name: from.name })} <Moment at={ends_at} />
            </Text>
            {from.id === user?.id ? (
              <Button variant="default" size="compact-sm" loading={back.isPending} onClick={() => back.mutate(id)}>
                {t('handOver.back')}
              </Button>
            ) : null}
          </Group>
        ))}
      </Stack>
    </Alert>
  )
}

const dayOf = (days: number): string => new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-CA')

/** Hands the own seat to a colleague until the end of a day. */
export function HandOver({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.reviews')
  const [to, setTo] = useState<string | null>(null)
  const [day, setDay] = useState(dayOf(7))
  const query = useQuery(delegationsQuery)
  const handing = useMutation({
    mutationFn: () => handOver(to ?? '', startOfDay(day, 1) ?? ''),
    onSuccess: async () => {
      await changed()
      void say(t('handOver.done'))
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('handOver.title')}>
      <ProblemAlert error={handing.error} />
      <Text>{t('handOver.consequence')}</Text>
      <QueryView query={query}>
        {({ colleagues }) => (
          <Select
            label={t('handOver.to')}
            placeholder={t('handOver.choose')}
            searchable
            required
            nothingFoundMessage={t('handOver.nobody')}
            data={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
            value={to}
            onChange={setTo}
          />
        )}
      </QueryView>
      <TextInput
        label={t('handOver.until')}
        description={t('handOver.untilAbout')}
        type="date"
        required
        min={dayOf(0)}
        max={dayOf(89)}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button onClick={() => handing.mutate()} loading={handing.isPending} disabled={to === null || day === ''}>
          {t('handOver.confirm')}
        </Button>
      </Group>
    </Dialog>
  )
}
