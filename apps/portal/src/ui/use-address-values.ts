import { useNavigate, useSearch } from '@tanstack/react-router'

type Values = Readonly<Record<string, string | undefined>>

/** What the address asks for (`?period=7d`), and a function that changes some of it; what is set to nothing leaves the address. */
export function useAddressValues(): [Values, (changed: Values) => void] {
  const navigate = useNavigate()
  const values = useSearch({ strict: false }) as Values
  return [values, (changed) => void navigate({ to: '.', search: (before: object) => ({ ...before, ...changed }), replace: true })]
}
