/** Words by language. English comes with the first load; every other catalogue when somebody asks for it. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import english from './en.json'

export const languages = { en: 'English', es: 'Español' } as const
export type Language = keyof typeof languages

const remembered = 'gatehouse-language'
const catalogues: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = { es: () => import('./es.json') }

function isLanguage(text: string | null | undefined): text is Language {
  return text !== null && text !== undefined && text in languages
}

function preferred(): Language {
  const kept = localStorage.getItem(remembered)
  if (isLanguage(kept)) return kept
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en'
}

export async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await catalogues[language]()).default)
  }
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
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  })
  // A catalogue that cannot be fetched must not keep anybody out.
  await speak(preferred()).catch(() => speak('en'))
}
