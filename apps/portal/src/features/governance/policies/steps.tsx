import { useTranslation } from 'react-i18next'
import './policies.css'

export const stepNames = ['begin', 'who', 'fields', 'limits', 'check'] as const
export type StepName = (typeof stepNames)[number]

interface StepsProps {
  readonly steps: readonly StepName[]
  readonly current: StepName
  readonly onChoose: (step: StepName) => void
  /** Steps with something wrong in them. */
  readonly faulty: ReadonlySet<StepName>
  /** Whether steps beyond the first are open yet. */
  readonly open: boolean
}

/** Where one stands in the wizard; every step can be gone back to. */
export function Steps({ steps, current, onChoose, faulty, open }: StepsProps) {
  const { t } = useTranslation('governance.policies')
  return (
    <nav aria-label={t('step.label')}>
      <ol className="steps">
        {steps.map((step, at) => (
          <li key={step}>
            <button
              type="button"
              aria-current={step === current ? 'step' : undefined}
              data-faulty={faulty.has(step)}
              disabled={!open && at > 0}
              onClick={() => onChoose(step)}
            >
              <span aria-hidden>{at + 1}</span> {t(`step.${step}`)}
              {faulty.has(step) ? <span className="sr-only"> ({t('step.faulty')})</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
