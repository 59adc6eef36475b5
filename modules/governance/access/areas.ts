/**
 * Areas are the kinds of things that roles of one's own may speak of, and a level is what one may do with them: `read` is to look,
 * `write` is whatever any role of the staff may do with them. What is only ever one's own, and what only the node does, is no area.
 */
import { type Action, actions } from '@gatehouse/runtime/door/operation'
import { type ResourceType, resourceTypes } from './resource-types.ts'
import { staffRoles } from './role-names.ts'
import { roles } from './roles.ts'

export const levels = ['none', 'read', 'write'] as const
export type Level = (typeof levels)[number]

const ofStaff = roles.filter(({ name }) => (staffRoles as readonly string[]).includes(name)).flatMap(({ rights }) => rights.filter(({ own }) => own !== true))

/** What the staff may do with a kind of thing, in the order of the actions. */
export function staffActions(type: string): Action[] {
  const may = new Set(ofStaff.filter(({ on }) => on === type).flatMap((right) => right.may))
  return actions.filter((action) => may.has(action))
}

export const areas = resourceTypes.filter((type) => staffActions(type).length > 0) as [ResourceType, ...ResourceType[]]

export function actionsAt(type: ResourceType, level: Level): Action[] {
  const all = staffActions(type)
  return level === 'write' ? all : level === 'read' ? all.filter((action) => action === 'read') : []
}
