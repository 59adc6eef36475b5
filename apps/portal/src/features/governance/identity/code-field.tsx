import { TextInput } from '@mantine/core'

interface CodeFieldProps {
  readonly label: string
  readonly description: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Digits, as an app shows them or a letter brings them; a phone offers its numbers. */
  readonly digits: boolean
}

export function CodeField({ label, description, value, onChange, digits }: CodeFieldProps) {
  return (
    <TextInput
      label={label}
      description={description}
      name={digits ? 'one-time-code' : 'recovery-code'}
      autoComplete={digits ? 'one-time-code' : 'off'}
      inputMode={digits ? 'numeric' : 'text'}
      spellCheck={false}
      maxLength={32}
      required
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
