import { Button, Checkbox, Group, NumberInput, Radio, Select, Stack, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { offeredQuery } from '../../custody/catalogue/queries.ts'
import { readJob, startJob, type Terms, trainedQuery } from './job-queries.ts'

interface StartJobProps {
  readonly project: string
  readonly onClose: () => void
}

/** Two tables, how sure a link has to be, and from where on people are asked. */
export function StartJob({ project, onClose }: StartJobProps) {
  const { t } = useTranslation('exchange.linkage')
  return (
    <Dialog opened onClose={onClose} title={t('jobs.start.label')}>
      <QueryView query={useQuery(offeredQuery(project))}>
        {(tables) => (
          <Form
            project={project}
            onClose={onClose}
            tables={tables.map(({ reference, title }) => ({ value: reference, label: title === reference ? reference : `${title} (${reference})` }))}
          />
        )}
      </QueryView>
    </Dialog>
  )
}

const ways = ['drafted', 'earlier', 'written'] as const
type By = (typeof ways)[number]

/** Whether it is a model of these tables, the node says. */
function modelIn(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

interface EarlierProps {
  readonly project: string
  readonly value: string | null
  readonly onChange: (job: string | null) => void
}

function Earlier({ project, value, onChange }: EarlierProps) {
  const { t } = useTranslation('exchange.linkage')
  const format = useFormat()
  return (
    <QueryView query={useQuery(trainedQuery(project))}>
      {(jobs) => (
        <Select
          label={t('jobs.start.model.job')}
          description={jobs.length === 0 ? t('jobs.start.model.noJob') : undefined}
          data={jobs.map(({ id, left, right, created_at }) => ({ value: id, label: `${t('jobs.pair', { left, right })}, ${format.exact(created_at)}` }))}
          value={value}
          onChange={onChange}
        />
      )}
    </QueryView>
  )
}

function Form({ project, onClose, tables }: StartJobProps & { readonly tables: readonly { readonly value: string; readonly label: string }[] }) {
  const { t } = useTranslation('exchange.linkage')
  const navigate = useNavigate()
  const [left, setLeft] = useState<string | null>(null)
  const [right, setRight] = useState<string | null>(null)
  const [sure, setSure] = useState<number | string>(95)
  const [ask, setAsk] = useState<number | string>(50)
  const [oneToOne, setOneToOne] = useState(true)
  const [opinions, setOpinions] = useState('1')
  const [by, setBy] = useState<By>('drafted')
  const [earlier, setEarlier] = useState<string | null>(null)
  const [text, setText] = useState('')
  const written = by === 'written' ? modelIn(text) : undefined
  const model = async (): Promise<Terms['model']> => {
    if (by === 'earlier') return (await readJob(project, earlier ?? '', new AbortController().signal)).model ?? undefined
    return written
  }
  const hasModel = by === 'drafted' || (by === 'earlier' ? earlier !== null : written !== undefined)
  const starting = useMutation({
    mutationFn: async () => {
      const given = await model()
      return startJob(project, {
        ...(given === undefined ? {} : { model: given }),
        left: left ?? '',
        right: right ?? '',
        threshold: Number(sure) / 100,
        review_from: Number(ask) / 100,
        one_to_one: oneToOne,
        opinions: Number(opinions),
      })
    },
    onSuccess: ({ id }) => navigate({ to: `/exchange/link-jobs/${id}`, search: { project } as never }),
  })
  const inRange = [sure, ask].every((share) => typeof share === 'number' && share > 0 && share < 100) && Number(ask) <= Number(sure)
  const other = (taken: string | null) => tables.filter(({ value }) => value !== taken)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        starting.mutate()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={starting.error} />
        <Select
          label={t('jobs.start.left')}
          description={t(tables.length < 2 ? 'jobs.start.tooFew' : 'jobs.start.tables')}
          data={other(right)}
          value={left}
          onChange={setLeft}
          searchable
          data-autofocus
        />
        <Select label={t('jobs.start.right')} data={other(left)} value={right} onChange={setRight} searchable />
        <Radio.Group label={t('jobs.start.model.label')} description={t('jobs.start.model.about')} value={by} onChange={(value) => setBy(value as By)}>
          <Stack gap="xs" mt="xs">
            {ways.map((way) => (
              <Radio key={way} value={way} label={t(`jobs.start.model.${way}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {by === 'earlier' ? <Earlier project={project} value={earlier} onChange={setEarlier} /> : null}
        {by === 'written' ? (
          <Textarea
            label={t('jobs.start.model.text')}
            description={t('jobs.start.model.textHint')}
            error={text === '' || written !== undefined ? undefined : t('jobs.start.model.noJson')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={4}
            maxRows={14}
            spellCheck={false}
          />
        ) : null}
        <NumberInput
          label={t('jobs.threshold')}
          description={t('jobs.start.thresholdHint')}
          value={sure}
          onChange={setSure}
          min={0.01}
          max={99.9999}
          step={1}
          decimalScale={4}
          suffix=" %"
        />
        <NumberInput
          label={t('jobs.reviewFrom')}
          description={t('jobs.start.reviewHint')}
          error={inRange ? undefined : t('jobs.start.order')}
          value={ask}
          onChange={setAsk}
          min={0.01}
          max={99.9999}
          step={1}
          decimalScale={4}
          suffix=" %"
        />
        <Radio.Group label={t('jobs.start.opinions')} value={opinions} onChange={setOpinions}>
          <Group mt="xs">
            {(['1', '2'] as const).map((count) => (
              <Radio key={count} value={count} label={t(`jobs.start.people.${count}`)} />
            ))}
          </Group>
        </Radio.Group>
        <Checkbox
          label={t('jobs.oneToOne')}
          description={t('jobs.start.oneToOneHint')}
          checked={oneToOne}
          onChange={(event) => setOneToOne(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('jobs.start.back')}
          </Button>
          <Button type="submit" loading={starting.isPending} disabled={left === null || right === null || !inRange || !hasModel}>
            {t('jobs.start.begin')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
