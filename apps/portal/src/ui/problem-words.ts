import { useTranslation } from 'react-i18next'
import { GatehouseError, NodeAway } from '../api.ts'
import { isObject } from './json/document.ts'

/** A problem in the reader's language, found by its type and reason; one that the catalogue does not know, in the node's English. */
export function useProblemWords(): (error: Error) => string {
  const { t, i18n } = useTranslation()
  return (error) => {
    if (error instanceof NodeAway) return t('away.about')
    if (!(error instanceof GatehouseError)) return t('broken.about')
    const { type, title, detail, errors = [], reason } = error.problem
    const kind = `problem.${type.split('/').at(-1) ?? ''}`
    const key = [`${kind}_${reason}`, kind].find((known) => i18n.exists(known))
    const words = key === undefined ? (detail ?? title) : t(key)
    const where = saidIn(error.problem)
    return [
      words,
      ...(where === undefined ? [] : [i18n.t(`custody.sources:said.${where.code}`, { ...where.params, defaultValue: detail ?? '' })]),
      ...errors.map(({ pointer, detail: at }) => `${pointer}: ${at}`),
    ].join(' ')
  }
}

/** What a problem says of a source, as a code with its values. */
function saidIn(problem: object): { readonly code: string; readonly params: Readonly<Record<string, unknown>> } | undefined {
  const said = 'said' in problem ? problem.said : undefined
  return isObject(said) && typeof said.code === 'string' && isObject(said.params) ? { code: said.code, params: said.params } : undefined
}
