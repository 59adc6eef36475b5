import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { say } from '../../../ui/notices.tsx'
import { useFaults } from '../../../ui/problem-words.ts'
import { ProblemAlert } from '../../../ui/states.tsx'
import { addPurpose, type Purpose, purposesKey } from './queries.ts'
import { slugOf } from './tree.ts'

interface AddPurposeProps {
  readonly purposes: readonly Purpose[]
  readonly parent: string | undefined
  readonly onClose: () => void
}

/** A purpose of the institution's own under one that exists. */
export function AddPurpose({ purposes, parent: given, onClose }: AddPurposeProps) {
  const { t } = useTranslation('governance.purposes')
  const [parent, setParent] = useState<string | null>(given ?? null)
  const [label, setLabel] = useState('')
  const [typed, setSlug] = useState<string | undefined>(undefined)
  const slug = typed ?? slugOf(label)
  const adding = useMutation({
    mutationFn: () => addPurpose({ slug, parent: parent ?? '', label }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: purposesKey })
      void say(t('add.done', { slug }))
      onClose()
    },
  })
  const errors = useFaults()(adding.error)
  const faultOf = (member: string) => errors.find(({ pointer }) => pointer === `/${member}`)?.detail
  return (
    <Dialog opened onClose={onClose} title={t('add.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          adding.mutate()
        }}
      >
        <Stack gap="sm">
          <Text>{t('add.about')}</Text>
          {errors.length === 0 ? <ProblemAlert error={adding.error} /> : null}
          <Select
            label={t('add.parent')}
            data={purposes.map((purpose) => ({ value: purpose.term, label: `${purpose.label} (${purpose.term})` }))}
            value={parent}
            onChange={setParent}
            error={faultOf('parent')}
            searchable
            required
            limit={200}
          />
          <TextInput
            label={t('add.label')}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={faultOf('label')}
            required
            maxLength={200}
          />
          <TextInput
            label={t('add.slug')}
            description={t('add.slugHint')}
            value={slug}
            onChange={(event) => setSlug(event.currentTarget.value)}
            error={faultOf('slug')}
            required
            maxLength={63}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={adding.isPending} disabled={parent === null}>
              {t('add.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
