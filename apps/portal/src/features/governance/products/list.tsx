import { Button, Card, Divider, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { isOpenTo } from '../../../rights.ts'
import { useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { endProduct, type Product, productsKey, productsQuery } from './queries.ts'
import { ProductRoles } from './roles.tsx'
import { AddProduct, ChangeProduct } from './terms.tsx'

export function ProductList() {
  const { t } = useTranslation('governance.products')
  const can = useCan()
  const all = isOpenTo(useSession(), { action: 'read', on: 'product', everybodys: true })
  const [adding, { open, close }] = useDisclosure()
  useLive(['projects.*', 'access.*'], productsKey)
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        can('create', 'product') ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('add.open')}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={useQuery(productsQuery(all))}>
        {(products) =>
          products.length === 0 ? (
            <EmptyState title={t('empty.title')} about={t('empty.about')} />
          ) : (
            <Stack>
              {products.map((product) => (
                <One key={product.id} product={product} />
              ))}
            </Stack>
          )
        }
      </QueryView>
      {adding ? <AddProduct onClose={close} /> : null}
    </Page>
  )
}

function One({ product }: { readonly product: Product }) {
  const { t } = useTranslation('governance.products')
  const can = useCan()
  const [changing, { open, close }] = useDisclosure()
  const [roles, { open: showRoles, close: hideRoles }] = useDisclosure()
  const runs = product.ended_at === null
  return (
    <Card withBorder component="section" aria-label={product.name}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="sm">
            <Title order={2} size="h4">
              {product.name}
            </Title>
            <StateChip tone={runs ? 'permit' : 'neutral'}>{t(runs ? 'runs' : 'ended')}</StateChip>
          </Group>
          {product.description === '' ? null : (
            <Text c="dimmed" maw={720}>
              {product.description}
            </Text>
          )}
        </div>
        <Group gap="xs">
          {can('read', 'role') ? (
            <Button variant="default" size="sm" onClick={showRoles}>
              {t('roles.open')}
            </Button>
          ) : null}
          {runs && can('update', 'product') ? (
            <Button variant="default" size="sm" onClick={open}>
              {t('change.open')}
            </Button>
          ) : null}
          {runs && can('delete', 'product') ? (
            <ConfirmButton
              label={t('end.label')}
              title={t('end.title', { name: product.name })}
              consequence={t('end.consequence')}
              confirm={t('end.confirm')}
              act={() => endProduct(product.id)}
            />
          ) : null}
        </Group>
      </Group>
      <Divider my="sm" />
      <Facts
        facts={[
          { label: t('slug'), value: <code>{product.slug}</code> },
          { label: t('purposes'), value: product.purposes.join(', ') },
          { label: t('since'), value: <Moment at={product.created_at} /> },
          ...(product.ended_at === null ? [] : [{ label: t('endedAt'), value: <Moment at={product.ended_at} /> }]),
          { label: t('id'), value: <ShortId id={product.id} /> },
        ]}
      />
      {changing ? <ChangeProduct product={product} onClose={close} /> : null}
      {roles ? <ProductRoles product={product} onClose={hideRoles} /> : null}
    </Card>
  )
}
