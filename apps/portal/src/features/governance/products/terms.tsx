import { MultiSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../identity/form.tsx'
import { purposesQuery } from '../purposes/queries.ts'
import { createProduct, type Product, updateProduct } from './queries.ts'

export function AddProduct({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.products')
  const [slug, setSlug] = useState('')
  const terms = useTerms()
  const adding = useMutation({ mutationFn: createProduct, onSuccess: onClose })
  return (
    <Dialog opened onClose={onClose} title={t('add.open')}>
      <Form
        onSubmit={() => adding.mutate({ ...terms.value, slug })}
        submit={t('add.submit')}
        pending={adding.isPending}
        error={adding.error}
        disabled={!terms.whole}
      >
        <TextInput
          label={t('slug')}
          description={t('slugHint')}
          placeholder="current-account"
          required
          maxLength={63}
          pattern="[a-z][a-z0-9_\-]*"
          spellCheck={false}
          autoCapitalize="none"
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
          data-autofocus
        />
        {terms.fields}
      </Form>
    </Dialog>
  )
}

export function ChangeProduct({ product, onClose }: { readonly product: Product; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.products')
  const terms = useTerms(product)
  const changing = useMutation({ mutationFn: () => updateProduct(product, terms.value), onSuccess: onClose })
  return (
    <Dialog opened onClose={onClose} title={t('change.open')}>
      <Form onSubmit={() => changing.mutate()} submit={t('change.submit')} pending={changing.isPending} error={changing.error} disabled={!terms.whole}>
        {terms.fields}
      </Form>
    </Dialog>
  )
}

function useTerms(product?: Product) {
  const { t } = useTranslation('governance.products')
  const known = useQuery(purposesQuery)
  const [name, setName] = useState(product?.name ?? '')
  const [description, setDescription] = useState(product?.description ?? '')
  const [purposes, setPurposes] = useState(product?.purposes ?? [])
  return {
    value: { name, description, purposes },
    whole: name.trim() !== '' && purposes.length > 0,
    fields: (
      <>
        <TextInput label={t('name')} required maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Textarea
          label={t('description')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <MultiSelect
          label={t('purposes')}
          description={t('purposesHint')}
          required
          searchable
          limit={100}
          maxValues={20}
          data={(known.data ?? []).map(({ term, label }) => ({ value: term, label: `${label} – ${term}` }))}
          value={purposes}
          onChange={setPurposes}
        />
      </>
    ),
  }
}
