import { useTranslation } from 'react-i18next'
import { GatehouseError, NodeAway } from '../api.ts'

/** A problem in the reader's language, found by its type and reason; one that the catalogue does not know, in the node's English. */
export function useProblemWords(): (error: Error) => string {
  const { t, i18n } = useTranslation()
  return (error) => {
    if (error instanceof NodeAway) return t('away.about')
    if (!(error instanceof GatehouseError)) return t('broken.about')
    const { type, title, detail, errors = [], reason, said } = error.problem
    const kind = `problem.${type.split('/').at(-1) ?? ''}`
    const key = [`${kind}_${reason}`, kind].find((known) => i18n.exists(known))
    const words = key === undefined ? (detail ?? title) : t(key)
    return [
      words,
      ...(said === undefined ? [] : [i18n.t(`custody.sources:said.${said.code}`, { ...said.params, defaultValue: detail ?? '' })]),
      ...errors.map(({ pointer, detail: fault, said: at }) => `${pointer}: ${at === undefined ? fault : t(`fault.${at.code}`, fault, at.params)}`),
    ].join(' ')
  }
}
