import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What a column means, in the reader's language; a name that somebody else gave stays as it is. */
export function useSemanticName(): (name: string) => string {
  const { t } = useTranslation('custody.imports')
  return useCallback((name) => t(`semantic.${name}`, name.replaceAll('_', ' ')), [t])
}

/** How a column is read, in the reader's language. */
export function useTypeName(): (type: string) => string {
  const { t } = useTranslation('custody.imports')
  return useCallback((type) => t(`type.${type}`, type), [t])
}
