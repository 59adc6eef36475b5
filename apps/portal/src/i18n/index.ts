/**
 * Words by language. The shared English catalogue comes with the first load, a feature's catalogue with its page, and every
 * other language when somebody asks for it. A feature's words come first; what it does not say, the shared catalogue says.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import english from './en.json'

export const languages = { en: 'English', es: 'Español' } as const
export type Language = keyof typeof languages

interface Catalogue {
  readonly default: object
}

const remembered = 'gatehouse-language'
const shared = 'translation'
const sharedCatalogues = import.meta.glob<Catalogue>(['./*.json', '!./en.json'])
const featureCatalogues = import.meta.glob<Catalogue>('../features/*/*/words.*.json')
/** The features whose words are in use, so that they follow a change of language. */
const loaded = new Set<string>()

function isLanguage(text: string | null | undefined): text is Language {
  return text !== null && text !== undefined && text in languages
}

function preferred(): Language {
  const kept = localStorage.getItem(remembered)
  if (isLanguage(kept)) return kept
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en'
}

async function fetchCatalogue(language: Language, namespace: string): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return
  const load =
    namespace === shared ? sharedCatalogues[`./${language}.json`] : featureCatalogues[`../features/${namespace.replace('.', '/')}/words.${language}.json`]
  if (load === undefined) throw new Error(`there is no catalogue "${namespace}" in the language "${language}"`)
  i18next.addResourceBundle(language, namespace, (await load()).default)
}

/** Fetches a feature's words; `namespace` is `<wing>.<capability>`. The router does it beside the page's own script. */
export async function loadWords(namespace: string): Promise<void> {
  await fetchCatalogue(i18next.language as Language, namespace)
  loaded.add(namespace)
}

export async function speak(language: Language): Promise<void> {
  await Promise.all([shared, ...loaded].map((namespace) => fetchCatalogue(language, namespace)))
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(remembered, language)
  await speak(language)
}

export async function startSpeaking(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: shared,
    fallbackNS: shared,
    resources: { en: { [shared]: english } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  // A catalogue that cannot be fetched must not keep anybody out.
  await speak(preferred()).catch(() => speak('en'))
}
