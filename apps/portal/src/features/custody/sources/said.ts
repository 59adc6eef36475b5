import { useTranslation } from 'react-i18next'

interface Sentence {
  readonly detail: string
  readonly said?: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null
}

/** What a driver says of a source, in the reader's language where its sentence has one; a plug-in's own words stay as they are. */
export function useSourceSays(): (sentence: Sentence) => string {
  const { t } = useTranslation('custody.sources')
  return ({ detail, said }) => (said == null ? detail : t(`said.${said.code}`, detail, said.params))
}
