import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')
const languages = ['en', 'es']
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((path) => join(source, path))
const features = [...new Set(files.filter((path) => /words\.\w+\.json$/.test(path)).map(dirname))]

type Words = { readonly [key: string]: string | Words }

const read = (path: string): Words => JSON.parse(readFileSync(path, 'utf8')) as Words
const shared = (language: string) => read(join(source, 'i18n', `${language}.json`))

/** `list.count_one` and `list.count_other` are one key, `list.count`: languages differ in how many numbers they know. */
function keysOf(words: Words, above = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${above}${key.replace(/_(zero|one|two|few|many|other)$/, '')}`] : keysOf(value, `${above}${key}.`),
  )
}

const texts = (words: Words): string[] => Object.values(words).flatMap((value) => (typeof value === 'string' ? [value] : texts(value)))
const placesIn = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name)

const catalogues: readonly { readonly name: string; readonly words: (language: string) => Words }[] = [
  { name: 'the shared words', words: shared },
  ...features.map((folder) => ({
    name: `the words of ${relative(source, folder)}`,
    words: (language: string) => read(join(folder, `words.${language}.json`)),
  })),
]

describe.each(catalogues)('$name', ({ words }) => {
  const keys = [...new Set(keysOf(words('en')))].sort()

  it.each(languages)('are all there in the language %s, and none is empty', (language) => {
    expect([...new Set(keysOf(words(language)))].sort()).toEqual(keys)
    expect(texts(words(language)).filter((text) => text.trim() === '')).toEqual([])
  })

  it('name the same values in every language', () => {
    const places = (language: string) => [...new Set(texts(words(language)).flatMap(placesIn))].sort()
    expect(places('es')).toEqual(places('en'))
  })
})

/** What a file asks of `t`: whole keys, and beginnings of keys that end in something only known when the page runs. */
function usedIn(code: string): { keys: string[]; beginnings: string[] } {
  const keys = [...code.matchAll(/(?<![\w.])t\(\s*'([^']+)'/g)].map(([, key]) => key ?? '')
  const beginnings = [...code.matchAll(/(?<![\w.])t\(\s*`([^`$]*)\$\{/g)].map(([, key]) => key ?? '')
  const choices = [...code.matchAll(/(?<![\w.])t\(\s*[^'"`()]+\?\s*'([^']+)'\s*:\s*'([^']+)'/g)].flatMap(([, one, other]) => [one ?? '', other ?? ''])
  return { keys: [...keys, ...choices], beginnings }
}

describe('every word that a file asks for', () => {
  const code = files.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))

  it.each(code.map((path) => [relative(source, path), path]))('is in a catalogue: %s', (_name, path) => {
    const own = join(dirname(path), 'words.en.json')
    const known = new Set([...keysOf(shared('en')), ...(existsSync(own) ? keysOf(read(own)) : [])])
    const { keys, beginnings } = usedIn(readFileSync(path, 'utf8'))
    expect(keys.filter((key) => !known.has(key))).toEqual([])
    expect(beginnings.filter((beginning) => beginning === '' || ![...known].some((key) => key.startsWith(beginning)))).toEqual([])
  })

  it('sees what it should see', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code to be read
    expect(usedIn("t('a.b') + t(`state.${x}`) + t(on ? 'c' : 'd', { n }) + format('e') + set('f')")).toEqual({
      keys: ['a.b', 'c', 'd'],
      beginnings: ['state.'],
    })
  })

  it('belongs to the folder of the page that asks', () => {
    for (const path of code) {
      for (const [, namespace] of readFileSync(path, 'utf8').matchAll(/useTranslation\('([^']+)'\)/g)) {
        const folder = dirname(path)
        expect(namespace, path).toBe(`${basename(dirname(folder))}.${basename(folder)}`)
      }
    }
  })
})
