/** Roles and operations as a table in plain text. It is committed, so that a change of rights shows as a change of this text. */
import type { Principal } from '@gatehouse/runtime/base/context'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { rightsTo } from './allowed.ts'
import { resourceTypes } from './resource-types.ts'
import { type Role, roles } from './roles.ts'

type Cell = 'yes' | 'own' | '-' | 'public'

/**
 * One row per operation, sorted by name: the right it asks for, and whether each role has it on all things (`yes`), on its own
 * (`own`) or not (`-`).
 * @throws TypeError for an operation whose example does not fit its input, or that asks about a type the table does not know
 */
export function accessMatrix(operations: readonly AnyOperation[]): string {
  const sorted = [...operations].sort((a, b) => (a.name < b.name ? -1 : 1))
  const rows = sorted.map((operation) => {
    const asked = askedBy(operation)
    const cells = roles.map((role): Cell => (asked === undefined ? 'public' : cell(role, asked)))
    return [operation.name, asked === undefined ? 'public' : `${asked.action} ${asked.type}`, ...cells, peopleFor(operation)]
  })
  const head = ['operation', 'right', ...roles.map((role) => role.name), 'people']
  return aligned([head, ...rows])
}

interface Asked {
  readonly action: Parameters<typeof rightsTo>[1]
  readonly type: string
}

function askedBy(operation: AnyOperation): Asked | undefined {
  const { access } = operation
  if ('public' in access) return undefined
  const example = operation.input.safeParse(operation.example?.input ?? {})
  if (!example.success) throw new TypeError(`${operation.name}: the matrix asks with the operation's example, and that does not fit its input`)
  const { type } = access.on(example.data, somebody)
  if (!(resourceTypes as readonly string[]).includes(type)) throw new TypeError(`${operation.name} asks about "${type}", which is not in the table of roles`)
  return { action: access.action, type }
}

const somebody: Principal = { kind: 'user', id: nodeTenant, tenant: nodeTenant, roles: [] }

function cell(role: Role, asked: Asked): Cell {
  const rights = rightsTo(role, asked.action, asked.type)
  if (rights.length === 0) return '-'
  return rights.some((right) => !right.own) ? 'yes' : 'own'
}

/** How many different people must ask for the same. */
const peopleFor = (operation: AnyOperation): string => String(operation.approvals ?? 1)

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
