import { Button, Group, NumberInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { say } from '../../../ui/notices.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { configureLog } from '../log/queries.ts'

/** How many have to cosign before outsiders are shown a checkpoint. */
export function Quorum({ quorum, witnesses }: { readonly quorum: number; readonly witnesses: number }) {
  const { t } = useTranslation('ledger.witnesses')
  const [typed, setTyped] = useState<number | string>(quorum)
  const saving = useMutation({
    mutationFn: () => configureLog({ quorum: Number(typed) }),
    onSuccess: () => void say(t('quorum.done')),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <ProblemAlert error={saving.error} />
      <Group gap="xs" align="flex-end">
        <NumberInput
          label={t('quorum.label')}
          description={t('quorum.about')}
          w={280}
          min={0}
          max={witnesses}
          allowDecimal={false}
          allowNegative={false}
          value={typed}
          onChange={setTyped}
        />
        <Button type="submit" variant="default" loading={saving.isPending} disabled={typed === '' || Number(typed) === quorum}>
          {t('quorum.save')}
        </Button>
      </Group>
    </form>
  )
}
