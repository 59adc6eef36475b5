import { useTranslation } from 'react-i18next'
import type { Waiting } from './queries.ts'

/** What is asked, in words: exactly where the request is known, else by the name of the act. */
export function useAskedWords(): (approval: Waiting) => string {
  const { t } = useTranslation('governance.approvals')
  return ({ asked, operation }) =>
    asked === undefined ? t(`acts.${operation.replace('.', '-')}`, operation) : t('publishes', { version: asked.version, title: asked.policy.title })
}
