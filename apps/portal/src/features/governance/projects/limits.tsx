import { Button, NumberInput, Radio, Stack, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { Form } from '../identity/form.tsx'
import { type Budget, budgetQuery, type Limits as ProjectLimits, setLimits } from './queries.ts'

interface LimitsProps {
  readonly project: string
  readonly mayChange: boolean
}

/** What the results of a project may tell at most, and what of it is spent. */
export function Limits({ project, mayChange }: LimitsProps) {
  const { t } = useTranslation('governance.projects')
  return (
    <QueryView query={useQuery(budgetQuery(project))}>
      {(budget) => (
        <Section id="limits" title={t('limits.title')} about={t('limits.about')} action={mayChange ? <Change project={project} budget={budget} /> : null}>
          <Told budget={budget} />
        </Section>
      )}
    </QueryView>
  )
}

function Told({ budget }: { readonly budget: Budget }) {
  const { t } = useTranslation('governance.projects')
  const { number } = useFormat()
  return (
    <Facts
      facts={[
        { label: t('limits.floor'), value: t('limits.people', { count: budget.floor, people: number(budget.floor) }) },
        { label: t('limits.epsilon'), value: t('limits.left', { left: number(budget.epsilon_left), total: number(budget.epsilon_total) }) },
        { label: t('limits.clean'), value: t(`limits.cleanly.${budget.clean_results}`) },
        { label: t('limits.questions'), value: t('limits.asked', { asked: number(budget.questions_today), most: number(budget.questions_per_day) }) },
        { label: t('limits.unit'), value: t(budget.linkage_unit ? 'limits.unitOn' : 'limits.unitOff') },
        { label: t('limits.runs'), value: t('limits.count', { runs: number(budget.runs), released: number(budget.released) }) },
      ]}
    />
  )
}

function Change({ project, budget }: { readonly project: string; readonly budget: Budget }) {
  const { t } = useTranslation('governance.projects')
  const [changing, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('limits.change')}
      </Button>
      {changing ? <ChangeLimits project={project} budget={budget} onClose={close} /> : null}
    </>
  )
}

function ChangeLimits({ project, budget, onClose }: { readonly project: string; readonly budget: Budget; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const [floor, setFloor] = useState<number | string>(budget.floor)
  const [epsilon, setEpsilon] = useState<number | string>(budget.epsilon_total)
  const [clean, setClean] = useState<ProjectLimits['clean_results']>(budget.clean_results)
  const [questions, setQuestions] = useState<number | string>(budget.questions_per_day)
  const [unit, setUnit] = useState(budget.linkage_unit)
  const saving = useMutation({
    mutationFn: () =>
      setLimits(project, {
        floor: Number(floor),
        epsilon_total: Number(epsilon),
        clean_results: clean,
        questions_per_day: Number(questions),
        linkage_unit: unit,
      }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('limits.change')}>
      <Form
        onSubmit={() => saving.mutate()}
        submit={t('limits.submit')}
        pending={saving.isPending}
        error={saving.error}
        disabled={floor === '' || epsilon === '' || questions === ''}
      >
        <NumberInput
          label={t('limits.floor')}
          description={t('limits.floorHint')}
          required
          allowDecimal={false}
          value={floor}
          onChange={setFloor}
          data-autofocus
        />
        <NumberInput label={t('limits.epsilonTotal')} description={t('limits.epsilonHint')} required decimalScale={4} value={epsilon} onChange={setEpsilon} />
        <NumberInput
          label={t('limits.questionsPerDay')}
          description={t('limits.questionsHint')}
          required
          allowDecimal={false}
          min={0}
          value={questions}
          onChange={setQuestions}
        />
        <Radio.Group label={t('limits.clean')} value={clean} onChange={(chosen) => setClean(chosen as ProjectLimits['clean_results'])}>
          <Stack gap="xs" mt="xs">
            {(['reviewed', 'released'] as const).map((how) => (
              <Radio key={how} value={how} label={t(`limits.cleanly.${how}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Switch label={t('limits.unit')} description={t('limits.unitHint')} checked={unit} onChange={(event) => setUnit(event.currentTarget.checked)} />
      </Form>
    </Dialog>
  )
}
