import { lazy, Suspense, useEffect, useState } from 'react'
import { whenProofIsNeeded } from '../api.ts'
import { loadWords } from '../i18n/index.ts'

/** Fetched when somebody is asked for the first time. */
const StepUp = lazy(async () => {
  const [{ StepUp: component }] = await Promise.all([import('../features/governance/identity/step-up.tsx'), loadWords('governance.identity')])
  return { default: component }
})

/** Stands beside the pages and asks for a factor when an act needs a fresh one; the act is then repeated. */
export function StepUpHost() {
  const [answer, setAnswer] = useState<(proven: boolean) => void>()
  useEffect(
    () =>
      whenProofIsNeeded(
        () =>
          new Promise((resolve) => {
            setAnswer(() => (proven: boolean) => {
              setAnswer(undefined)
              resolve(proven)
            })
          }),
      ),
    [],
  )
  return answer === undefined ? null : (
    <Suspense fallback={null}>
      <StepUp onAnswer={answer} />
    </Suspense>
  )
}
