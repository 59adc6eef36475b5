import { NativeSelect } from '@mantine/core'

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

/** One of a few, in the browser's own field: quick by keyboard, and the best there is on a phone. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return <NativeSelect label={label} size="sm" w={180} data={[...options]} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
}
