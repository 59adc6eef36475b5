import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type JsonReading, lineOf, readJson } from './read-json.ts'
import './json-editor.css'

interface JsonEditorProps {
  readonly label: string
  readonly text: string
  /** Hears every change with what it reads as; `reading.ok` says whether there is a value. */
  readonly onChange: (text: string, reading: JsonReading) => void
  /** What the node refused: `error.problem.errors`. Each is shown with the line it speaks of. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
  readonly rows?: number
}

/** A document to write. Whatever is wrong in it stands below with its line; choosing it leads there. */
export function JsonEditor({ label, text, onChange, errors = [], rows = 20 }: JsonEditorProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const numbers = useRef<HTMLPreElement>(null)
  const id = useId()
  const reading = useMemo(() => readJson(text), [text])
  const faults = faultsOf()
  const goTo = (line: number, column: number) => {
    const begin =
      text
        .split('\n')
        .slice(0, line - 1)
        .reduce((sum, before) => sum + before.length + 1, 0) +
      column -
      1
    field.current?.focus()
    field.current?.setSelectionRange(begin, begin + 1)
  }
  return (
    <Stack gap="xs">
      <div className="json-editor">
        <pre ref={numbers} aria-hidden>
          {Array.from({ length: text.split('\n').length }, (_, line) => line + 1).join('\n')}
        </pre>
        <Textarea
          ref={field}
          label={label}
          value={text}
          rows={rows}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          aria-describedby={id}
          aria-invalid={faults.length > 0}
          onChange={(event) => onChange(event.currentTarget.value, readJson(event.currentTarget.value))}
          onScroll={(event) => {
            if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      <Group justify="space-between" align="flex-start">
        <div id={id} role="status">
          {faults.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('json.fine')}
            </Text>
          ) : (
            <ul className="nav">
              {faults.map(({ words, line, column }) => (
                <li key={words}>
                  <Button variant="subtle" color="red" size="compact-sm" onClick={() => goTo(line, column)}>
                    {words}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </div>
        <Button
          variant="default"
          size="compact-sm"
          disabled={!reading.ok}
          onClick={() => {
            if (!reading.ok) return
            const tidy = JSON.stringify(reading.value, null, 2)
            onChange(tidy, readJson(tidy))
          }}
        >
          {t('json.format')}
        </Button>
      </Group>
    </Stack>
  )

  function faultsOf(): { words: string; line: number; column: number }[] {
    if (!reading.ok) {
      const { kind, line, column } = reading.fault
      return [{ words: t('json.fault', { line, column, fault: t(`json.faults.${kind}`) }), line, column }]
    }
    return errors.map(({ pointer, detail }) => {
      const line = lineOf(reading.lines, pointer)
      return { words: t('json.at', { line, fault: `${pointer} ${detail}` }), line, column: 1 }
    })
  }
}
