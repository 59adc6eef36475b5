import { Button, Group, List, NumberInput, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { type Growth as Checked, judgeGrowth } from '../../../ui/evidence/growth.ts'
import { GrowthPicture } from '../../../ui/evidence/growth-picture.tsx'
import { readKeyChanges } from '../../../ui/evidence/queries.ts'
import { FaultVerdict } from '../../../ui/evidence/verdict.tsx'
import { VerdictBox } from '../../../ui/evidence/verdict-box.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { checkpointAtMost, growthProof } from './queries.ts'

/** Whether the log at one signed size begins with the log at an earlier one: asked of the node, judged here. */
export function Growth({ size }: { readonly size: number }) {
  const { t } = useTranslation('ledger.log')
  const [from, setFrom] = useState<number | string>('')
  const [to, setTo] = useState<number | string>('')
  const [earlier, later] = [from === '' ? Math.max(1, Math.floor(size / 2)) : Number(from), to === '' ? size : Number(to)]
  const checking = useMutation({
    async mutationFn(): Promise<Checked | undefined> {
      const [first, second] = [await checkpointAtMost(Math.min(earlier, later)), await checkpointAtMost(Math.max(earlier, later))]
      if (first === undefined || second === undefined) return undefined
      return judgeGrowth(first, second, await growthProof(first.size, second.size), readKeyChanges)
    },
  })
  const check = (event: FormEvent) => {
    event.preventDefault()
    checking.mutate()
  }
  return (
    <Stack component="section" gap="sm" aria-labelledby="growth">
      <Title order={2} id="growth">
        {t('growth.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('growth.about')}
      </Text>
      {size === 0 ? (
        <Text>{t('growth.empty')}</Text>
      ) : (
        <form onSubmit={check}>
          <Group gap="xs" align="flex-end">
            <NumberInput
              label={t('growth.from')}
              placeholder={String(earlier)}
              w={160}
              min={1}
              max={size}
              allowDecimal={false}
              allowNegative={false}
              hideControls
              value={from}
              onChange={setFrom}
            />
            <NumberInput
              label={t('growth.to')}
              placeholder={String(later)}
              w={160}
              min={1}
              max={size}
              allowDecimal={false}
              allowNegative={false}
              hideControls
              value={to}
              onChange={setTo}
            />
            <Button type="submit" loading={checking.isPending}>
              {t('growth.act')}
            </Button>
          </Group>
        </form>
      )}
      <ProblemAlert error={checking.error} />
      {checking.isSuccess ? checking.data === undefined ? <Text role="status">{t('growth.none')}</Text> : <Result growth={checking.data} /> : null}
    </Stack>
  )
}

function Result({ growth: { from, to, proof, verdict } }: { readonly growth: Checked }) {
  const { t } = useTranslation('ledger.log')
  const format = useFormat()
  if (!verdict.good) return <FaultVerdict fault={verdict} />
  return (
    <>
      <VerdictBox verdict="good" title={t('evidence.good')}>
        <List spacing={4}>
          <List.Item>
            {from === to
              ? t('growth.same', { size: format.number(to) })
              : t('growth.holds', { from: format.number(from), to: format.number(to), added: format.number(to - from) })}
          </List.Item>
          <List.Item>{t('growth.hashes', { count: proof.length })}</List.Item>
        </List>
      </VerdictBox>
      {from === to ? null : <GrowthPicture from={from} to={to} proof={proof} />}
    </>
  )
}
