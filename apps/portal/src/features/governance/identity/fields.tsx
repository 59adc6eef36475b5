import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Field {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function EmailField({ value, onChange }: Field) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('field.email')}
      name="email"
      type="email"
      autoComplete="username"
      required
      maxLength={254}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

export function PasswordField({ value, onChange, fresh = false }: Field & { readonly fresh?: boolean }) {
  const { t } = useTranslation()
  const [visible, setVisible] = useState(false)
  return (
    <PasswordInput
      label={t('field.password')}
      name="password"
      autoComplete={fresh ? 'new-password' : 'current-password'}
      {...(fresh ? { description: t('field.passwordHint'), minLength: 12 } : {})}
      required
      maxLength={128}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{ 'aria-label': t(visible ? 'field.hide' : 'field.show'), tabIndex: 0 }}
    />
  )
}
