import { useTranslation } from 'react-i18next'
import './steps.css'

interface StepsProps<Name extends string> {
  readonly steps: readonly Name[]
  readonly nameOf: (step: Name) => string
  readonly current: Name
  readonly onChoose: (step: Name) => void
  /** Steps with something wrong in them. */
  readonly faulty: ReadonlySet<Name>
  /** Whether steps beyond the first are open yet. */
  readonly open: boolean
  /** Below each other where there is room beside them. */
  readonly down?: boolean
}

/** Where one stands in a wizard; every step can be gone back to. */
export function Steps<Name extends string>({ steps, nameOf, current, onChoose, faulty, open, down = false }: StepsProps<Name>) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('steps.label')}>
      <ol className="steps" data-down={down}>
        {steps.map((step, at) => (
          <li key={step}>
            <button
              type="button"
              aria-current={step === current ? 'step' : undefined}
              data-faulty={faulty.has(step)}
              disabled={!open && at > 0}
              onClick={() => onChoose(step)}
            >
              <span aria-hidden>{at + 1}</span> {nameOf(step)}
              {faulty.has(step) ? <span className="sr-only"> ({t('steps.faulty')})</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
