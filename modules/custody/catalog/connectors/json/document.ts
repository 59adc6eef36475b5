/** JSON from another system: read whole, and refused where no honest answer looks like it. Pure. */
import { ConnectorError } from '../connector.ts'
import { say } from '../words.ts'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

export const documentDepthMax = 64
/** A member of this name would reach into the objects that rows are kept in. */
const forbidden = '__proto__'

/** @throws ConnectorError that names the source and never what stands in the document */
export function parseDocument(text: string, source: string): Json {
  let json: Json
  try {
    json = JSON.parse(text) as Json
  } catch {
    throw new ConnectorError('unsupported', say('no_json', { source }))
  }
  checkDocument(json, source)
  return json
}

/** Level by level and not by recursion, so that depth alone cannot end the process. */
function checkDocument(json: Json, source: string): void {
  let level: readonly Json[] = [json]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > documentDepthMax) throw new ConnectorError('unsupported', say('json_levels', { source, levels: documentDepthMax }))
    const below: Json[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      if (isObject(item) && Object.hasOwn(item, forbidden)) throw new ConnectorError('unsupported', say('json_member', { source, member: forbidden }))
      for (const member of Object.values(item)) if (typeof member === 'object' && member !== null) below.push(member)
    }
    level = below
  }
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** An own member, and never one that every object has. */
export function memberOf(json: Json | undefined, member: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, member) ? json[member] : undefined
}

/** What a JSON pointer (RFC 6901) points to; `undefined` where nothing is there. */
export function pointedTo(json: Json, pointer: string): Json | undefined {
  let found: Json | undefined = json
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    found = Array.isArray(found) ? (found as readonly Json[])[/^\d{1,9}$/.test(name) ? Number(name) : -1] : memberOf(found, name)
  }
  return found
}
