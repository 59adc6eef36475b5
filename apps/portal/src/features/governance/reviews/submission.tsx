import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient, useSession } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { say } from '../../../ui/notices.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Form } from '../identity/form.tsx'
import { boardsQuery, type Review, resubmitReview, reviewsKey, reviseSubmission, type Submission, submit, type Terms } from './queries.ts'

const kinds = ['data_disclosure', 'ethics_board', 'monitoring_board'] as const satisfies readonly Submission['kind'][]

/** Puts something before those who judge it: a disclosure, a protocol, how a trial goes on. */
export function Submit({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.reviews')
  const navigate = useNavigate()
  const pathTo = useObjectPath()
  const [kind, setKind] = useState<Submission['kind']>('data_disclosure')
  const terms = useTerms()
  const submitting = useMutation({
    mutationFn: () => submit(kind, terms.value),
    onSuccess: async (review) => {
      await queryClient.invalidateQueries({ queryKey: reviewsKey })
      onClose()
      void say(t('submit.done'))
      await navigate({ to: pathTo('review', review) ?? '/' })
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('submit.title')} size="lg">
      <Form onSubmit={() => submitting.mutate()} submit={t('submit.confirm')} pending={submitting.isPending} error={submitting.error} disabled={!terms.whole}>
        <Select
          label={t('submit.kind')}
          description={t(`kindAbout.${kind}`)}
          required
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(value as Submission['kind'])}
          data-autofocus
        />
        {terms.fields}
      </Form>
    </Dialog>
  )
}

/** What was submitted, and for its author the way to change it: an edit and a new round in one act. */
export function Submitted({ review, submission }: { readonly review: Review; readonly submission: Submission }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  const [revising, { open, close }] = useDisclosure()
  const mine = submission.author === user?.id && ['submitted', 'partially_reviewed', 'reviewed', 'returned'].includes(review.state)
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { label: t('submit.name'), value: submission.title },
          { label: t('submit.reference'), value: submission.reference },
        ]}
      />
      <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{submission.reasons}</Text>
      {mine ? (
        <Group>
          <Button variant="default" onClick={open}>
            {t('revise.open')}
          </Button>
        </Group>
      ) : null}
      {revising ? <Revise review={review} submission={submission} onClose={close} /> : null}
    </Stack>
  )
}

function Revise({ review, submission, onClose }: { readonly review: Review; readonly submission: Submission; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.reviews')
  const terms = useTerms(submission)
  const revising = useMutation({
    mutationFn: async () => {
      await reviseSubmission(submission.id, terms.value)
      await resubmitReview(review.id)
    },
    onSuccess: () => {
      onClose()
      void say(t('resubmit.done'))
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: reviewsKey }),
  })
  return (
    <Dialog opened onClose={onClose} title={t('revise.title')} size="lg">
      <Form onSubmit={() => revising.mutate()} submit={t('resubmit.confirm')} pending={revising.isPending} error={revising.error} disabled={!terms.whole}>
        <Text>{t('revise.consequence')}</Text>
        {terms.fields}
      </Form>
    </Dialog>
  )
}

function useTerms(submission?: Submission) {
  const { t } = useTranslation('governance.reviews')
  const { data: boards = [] } = useQuery(boardsQuery)
  const [title, setTitle] = useState(submission?.title ?? '')
  const [reference, setReference] = useState(submission?.reference ?? '')
  const [reasons, setReasons] = useState(submission?.reasons ?? '')
  const [teams, setTeams] = useState<string[]>(submission?.teams.map(({ id }) => id) ?? [])
  const [days, setDays] = useState<number | null>(submission?.deadline_days ?? null)
  const quorumOf = (id: string) => submission?.teams.find((one) => one.id === id)?.quorum ?? 1
  const value: Terms = { title, reference, reasons, teams: teams.map((id) => ({ id, quorum: quorumOf(id) })), deadline_days: days }
  const fields = (
    <>
      <TextInput label={t('submit.name')} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      <TextInput
        label={t('submit.reference')}
        description={t('submit.referenceAbout')}
        required
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <Textarea
        label={t('submit.reasons')}
        description={t('submit.reasonsAbout')}
        required
        autosize
        minRows={4}
        maxRows={14}
        maxLength={8_000}
        value={reasons}
        onChange={(event) => setReasons(event.currentTarget.value)}
      />
      <MultiSelect
        label={t('submit.teams')}
        description={t('submit.teamsAbout')}
        searchable
        clearable
        maxValues={8}
        data={boards.map(({ id, name }) => ({ value: id, label: name }))}
        value={teams}
        onChange={setTeams}
      />
      <NumberInput
        label={t('submit.days')}
        description={t('submit.daysAbout')}
        min={1}
        max={180}
        allowDecimal={false}
        value={days ?? ''}
        onChange={(entered) => setDays(typeof entered === 'number' ? entered : null)}
      />
    </>
  )
  return { value, fields, whole: [title, reference, reasons].every((text) => text.trim() !== '') }
}
