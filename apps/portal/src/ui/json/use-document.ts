/** A document that forms and its JSON view both edit: one text, read anew after each change. */
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { isObject, type Path, put } from './document.ts'
import { type JsonReading, readJson } from './read-json.ts'

/** So long nobody types before the node is asked what it makes of the document. */
const pauseMs = 400

export interface EditedDocument<T> {
  readonly text: string
  readonly reading: JsonReading
  /** Absent while the text is no JSON, or has not the form that the forms show. */
  readonly document: T | undefined
  /** What to ask the node about: an object that has not been changed for a moment. */
  readonly settled: Readonly<Record<string, unknown>> | undefined
  /** Whether that is the text as it now stands. */
  readonly rests: boolean
  readonly write: (text: string) => void
  /** Puts another value at the path; `undefined` takes the place out. */
  readonly change: (path: Path, value: unknown) => void
}

export const written = (document: unknown) => JSON.stringify(document, null, 2)

/** @param as takes a document for one that the forms can show; defined outside the component */
export function useDocument<T>(initial: unknown, as: (value: unknown) => T | undefined): EditedDocument<T> {
  const [text, write] = useState(() => written(initial))
  const reading = useMemo(() => readJson(text), [text])
  const value = reading.ok ? reading.value : undefined
  const document = useMemo(() => as(value), [as, value])
  const [paused] = useDebouncedValue(value, pauseMs)
  const settled = isObject(paused) ? paused : undefined
  return {
    text,
    reading,
    document,
    settled,
    rests: settled !== undefined && paused === value,
    write,
    change: (path, to) => {
      if (document !== undefined) write(written(put(document, path, to)))
    },
  }
}
