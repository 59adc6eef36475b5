import './evidence.css'
import type { Path } from '@gatehouse/verify/browser'
import { Button, Group, Table } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

const box = { width: 150, height: 34 }
const width = 340
const rowHeight = 62
const top = 18

const leftX = 0
const rightX = width - box.width
const middleX = (width - box.width) / 2

/** The first bytes are enough for the eye; the table has all of them. */
const short = (hash: string) => `${hash.slice(0, 12)}…`

interface MerklePathProps {
  readonly path: Path
  /** The root in the checkpoint. */
  readonly signedRoot: string | undefined
}

/** The way from an entry up to the root: solid boxes were computed here, dashed ones came with the proof. */
export function MerklePath({ path, signedRoot }: MerklePathProps) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className="merkle">
      <Group justify="space-between" gap="xs" mb="xs">
        <figcaption>{t('evidence.path.title', { count: path.steps.length })}</figcaption>
        <Button variant="subtle" color="gray" size="compact-md" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'chart.picture' : 'chart.table')}
        </Button>
      </Group>
      {asTable ? <PathTable path={path} signedRoot={signedRoot} /> : <PathPicture path={path} signedRoot={signedRoot} />}
    </figure>
  )
}

function PathPicture({ path: { leaf, steps, top: reached }, signedRoot }: MerklePathProps) {
  const { t } = useTranslation()
  const description = useId()
  const holds = signedRoot === undefined || signedRoot === reached
  // The root stands on top, the entry at the bottom.
  const rows = [...steps].reverse()
  const y = (row: number) => top + rowHeight * row
  const height = y(rows.length) + box.height + 24
  /** Where the computed hash of a row stands; the row of the root is 0. */
  const computedX = (row: number) => {
    const step = rows[row - 1]
    if (step === undefined) return holds ? middleX : leftX
    return step.given === 'left' ? rightX : leftX
  }
  return (
    <>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('evidence.path.picture')} aria-describedby={description} className="merkle-picture">
        {rows.map((step, at) => {
          const parent = computedX(at) + box.width / 2
          return (
            <g key={step.parent} className="merkle-lines">
              {[leftX, rightX].map((x) => (
                <line key={x} x1={parent} y1={y(at) + box.height} x2={x + box.width / 2} y2={y(at + 1)} />
              ))}
            </g>
          )
        })}
        <Hash
          x={computedX(0)}
          y={y(0)}
          hash={reached}
          kind={holds ? 'computed' : 'wrong'}
          label={t(holds ? 'evidence.path.root' : 'evidence.path.computedRoot')}
        />
        {holds ? null : (
          <>
            <text x={width / 2} y={y(0) + 23} textAnchor="middle" className="merkle-unequal">
              ≠
            </text>
            <Hash x={rightX} y={y(0)} hash={signedRoot} kind="given" label={t('evidence.path.signedRoot')} />
          </>
        )}
        {rows.map(({ left, right, given, parent }, at) => (
          <g key={parent}>
            <Hash x={leftX} y={y(at + 1)} hash={left} kind={given === 'left' ? 'given' : 'computed'} />
            <Hash x={rightX} y={y(at + 1)} hash={right} kind={given === 'right' ? 'given' : 'computed'} />
          </g>
        ))}
        <text x={computedX(rows.length) + box.width / 2} y={height - 8} textAnchor="middle">
          {t('evidence.path.leaf')}
        </text>
      </svg>
      <p id={description} className="merkle-key">
        {t('evidence.path.about', { leaf: short(leaf), root: short(reached) })}
      </p>
    </>
  )
}

interface HashProps {
  readonly x: number
  readonly y: number
  readonly hash: string
  readonly kind: 'computed' | 'given' | 'wrong'
  readonly label?: string
}

function Hash({ x, y, hash, kind, label }: HashProps) {
  return (
    <g className="merkle-hash" data-kind={kind}>
      {label === undefined ? null : (
        <text x={x + box.width / 2} y={y - 5} textAnchor="middle">
          {label}
        </text>
      )}
      <rect x={x + 1} y={y} width={box.width - 2} height={box.height} rx={4} />
      <text x={x + box.width / 2} y={y + 22} textAnchor="middle" className="merkle-code">
        {short(hash)}
      </text>
    </g>
  )
}

function PathTable({ path: { leaf, steps, top: reached }, signedRoot }: MerklePathProps) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={480} type="native" tabIndex={0} aria-label={t('evidence.path.table')} role="region">
      <Table className="merkle-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('evidence.path.step')}</Table.Th>
            <Table.Th scope="col">{t('evidence.path.proofBrought')}</Table.Th>
            <Table.Th scope="col">{t('evidence.path.side')}</Table.Th>
            <Table.Th scope="col">{t('evidence.path.computed')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>0</Table.Td>
            <Table.Td>–</Table.Td>
            <Table.Td>–</Table.Td>
            <Table.Td>
              <code>{leaf}</code>
            </Table.Td>
          </Table.Tr>
          {steps.map(({ left, right, parent, given }, at) => (
            <Table.Tr key={parent}>
              <Table.Td>{at + 1}</Table.Td>
              <Table.Td>
                <code>{given === 'left' ? left : right}</code>
              </Table.Td>
              <Table.Td>{t(given === 'left' ? 'evidence.path.left' : 'evidence.path.right')}</Table.Td>
              <Table.Td>
                <code>{parent}</code>
              </Table.Td>
            </Table.Tr>
          ))}
          {signedRoot === undefined ? null : (
            <Table.Tr>
              <Table.Th scope="row" colSpan={3}>
                {t(signedRoot === reached ? 'evidence.path.signedRootSame' : 'evidence.path.signedRootOther')}
              </Table.Th>
              <Table.Td>
                <code>{signedRoot}</code>
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
