import { Button, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { recall } from '../../../ui/evidence/memory.ts'
import { VerdictBox } from '../../../ui/evidence/verdict-box.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type LogFault, type LogReport, recompute } from './queries.ts'

/** Lets the node recompute its whole log, from the entries to the signed roots. */
export function Recompute({ origin }: { readonly origin: string | undefined }) {
  const { t } = useTranslation('ledger.verify')
  const [given, setGiven] = useState('')
  const recomputing = useMutation({
    mutationFn: () => {
      const note = given.trim()
      // A note ends with a line feed, which copying loses.
      if (note !== '') return recompute(`${note}\n`)
      return recompute(origin === undefined ? undefined : recall(globalThis.localStorage, origin)?.seen?.checkpoint)
    },
  })
  return (
    <section aria-labelledby="recompute">
      <Stack gap="sm" align="flex-start" maw={760}>
        <Title order={2} id="recompute">
          {t('recompute.title')}
        </Title>
        <Text>{t('recompute.about')}</Text>
        <Textarea
          label={t('recompute.checkpoint')}
          description={t('recompute.hint')}
          w="100%"
          autosize
          minRows={3}
          maxLength={2_000}
          spellCheck={false}
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
        />
        <Button onClick={() => recomputing.mutate()} loading={recomputing.isPending}>
          {t('recompute.act')}
        </Button>
        <ProblemAlert error={recomputing.error} />
        {recomputing.data === undefined ? null : <Report report={recomputing.data} />}
      </Stack>
    </section>
  )
}

function Report({ report: { size, checkpoints, fault } }: { readonly report: LogReport }) {
  const { t } = useTranslation('ledger.verify')
  const format = useFormat()
  if (fault !== undefined) return <Broken fault={fault} />
  return (
    <VerdictBox verdict="good" title={t('sound.title')}>
      {t('sound.about', { entries: format.number(size), checkpoints: format.number(checkpoints) })}
    </VerdictBox>
  )
}

/** The first fault in the order of the log: nothing is said of what lies behind it. */
function Broken({ fault }: { readonly fault: LogFault }) {
  const { t } = useTranslation('ledger.verify')
  const format = useFormat()
  const places = [
    { label: t('place.entry'), value: fault.entry === undefined ? undefined : <ShortId id={fault.entry} kind="entry" /> },
    ...(['index', 'size', 'after_size', 'level', 'tile', 'at'] as const).map((name) => {
      const value = fault[name]
      return { label: t(`place.${name}`), value: value === undefined ? undefined : format.number(value) }
    }),
  ]
  return (
    <VerdictBox verdict="bad" title={t('broken.title')}>
      <Stack gap="sm">
        <Text>{t(`fault.${fault.kind}`)}</Text>
        <Facts facts={places.filter(({ value }) => value !== undefined)} />
        <Text>{t('broken.next')}</Text>
      </Stack>
    </VerdictBox>
  )
}
